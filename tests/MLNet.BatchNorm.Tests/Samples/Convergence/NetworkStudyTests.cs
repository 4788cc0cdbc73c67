using MLNet.BatchNorm.Convergence.CommandLine;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Data.Files;
using MLNet.BatchNorm.Convergence.Output;
using MLNet.BatchNorm.Convergence.Report;
using MLNet.BatchNorm.Convergence.Study;
using MLNet.BatchNorm.Convergence.Study.Networks;
using StudiedRows = MLNet.BatchNorm.Convergence.Study.Networks.NetworkData;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class NetworkStudyTests
{
    private static NetworkResult Digits => ShortStudy.Outcome.Results.Networks.Single();

    [Fact]
    public void With_batch_normalization_sigmoid_networks_learn_in_few_epochs_what_they_do_not_without()
    {
        LearningRate(ActivationFunction.Sigmoid, NetworkNormalization.Batch, 0.1).MedianScore.Should().BeGreaterThan(0.9);
        LearningRate(ActivationFunction.Sigmoid, NetworkNormalization.None, 0.1).MedianScore.Should().BeLessThan(0.6);
    }

    [Fact]
    public void With_batch_normalization_relu_networks_arrive_in_a_third_of_the_epochs()
    {
        var with = LearningRate(ActivationFunction.ReLU, NetworkNormalization.Batch, 0.1);
        var without = LearningRate(ActivationFunction.ReLU, NetworkNormalization.None, 0.1);

        // Not arriving counts as the whole budget: it is at least that.
        (3 * with.MedianEpochsToTarget).Should().BeLessThanOrEqualTo(without.MedianEpochsToTarget ?? without.Cell.Epochs);
    }

    [Fact]
    public void Small_initial_weights_stop_a_sigmoid_network_without_batch_normalization_and_not_with_it()
    {
        Initialization(NetworkNormalization.None).MedianScore.Should().BeLessThan(0.2);
        Initialization(NetworkNormalization.Batch).MedianScore.Should().BeGreaterThan(0.9);

        static NetworkCellResult Initialization(NetworkNormalization normalization) => Digits.Initializations.Single(entry =>
            (entry.Cell.Activation, entry.Cell.Normalization, entry.Cell.Initialization) == (ActivationFunction.Sigmoid, normalization, Initializations.Small));
    }

    [Fact]
    public void Batches_of_two_cost_batch_normalization_more_than_layer_normalization()
    {
        BatchSize(NetworkNormalization.Batch, 2).MedianScore.Should().BeLessThan(BatchSize(NetworkNormalization.Layer, 2).MedianScore!.Value - 0.05);
        BatchSize(NetworkNormalization.Batch, 64).MedianScore.Should().BeGreaterThan(0.9);

        static NetworkCellResult BatchSize(NetworkNormalization normalization, int batchSize) =>
            Digits.BatchSizes.Single(entry => (entry.Cell.Normalization, entry.Cell.BatchSize) == (normalization, batchSize));
    }

    [Fact]
    public void Exact_statistics_are_scored_on_the_test_rows_for_every_batch_size_of_batch_normalization()
    {
        foreach (var entry in Digits.LearningRates.Concat(Digits.Initializations).Concat(Digits.BatchSizes))
        {
            var asked = entry.Cell.Normalization == NetworkNormalization.Batch && Digits.BatchSizes.Contains(entry);
            entry.Runs.Should().AllSatisfy(run => (run.ExactScore is not null).Should().Be(asked));
        }

        // Two rows say little about variance, and running averages over them less.
        BatchSizeClaims.Scored(Digits).Select(entry => entry.BatchSize).Should().Equal(2, 64);
        BatchSizeClaims.Scored(Digits)[0].Exact.Should().NotBe(BatchSizeClaims.Scored(Digits)[0].Running);
        BatchSizeClaims.Scored(Digits)[1].Exact.Should().BeGreaterThan(0.9);
    }

    [Fact]
    public void A_score_by_exact_statistics_is_the_accuracy_of_a_network_that_was_trained_with_that_option()
    {
        var data = StudiedRows.Create(ShippedData.Load("digits"), ShortStudy.Settings.Networks, seed: 1);
        var cell = Digits.BatchSizes.Single(entry => (entry.Cell.Normalization, entry.Cell.BatchSize) == (NetworkNormalization.Batch, 2));
        var options = NetworkRun.Options(cell.Cell, ShortStudy.Settings.Networks, seed: 1, new NetworkRun.Recorder(), CancellationToken.None) with { NormalizationStatistics = NormalizationStatistics.Exact };
        var context = new Microsoft.ML.MLContext(1);

        var scored = NetworkRun.Train(data, options, seed: 1).Transform(DataViews.Create(context, data.Test));

        context.MulticlassClassification.Evaluate(scored).MicroAccuracy.Should().BeApproximately(cell.Runs[0].ExactScore!.Value, 1e-5);
    }

    [Fact]
    public void Drift_is_followed_in_every_layer_and_epoch()
    {
        Digits.Drift.Select(drift => (drift.Normalization, drift.Layer)).Should().BeEquivalentTo(
            new[] { (NetworkNormalization.None, 1), (NetworkNormalization.None, 2), (NetworkNormalization.Batch, 1), (NetworkNormalization.Batch, 2) });
        Digits.Drift.Should().AllSatisfy(drift =>
        {
            drift.Points.Select(point => point.Epoch).Should().Equal(Enumerable.Range(1, 12));
            drift.Points[0].Movement.Should().BeNull();
            drift.Points.Skip(1).Should().AllSatisfy(point => point.Movement.Should().BePositive());
        });
    }

    [Fact]
    public void Every_cell_has_a_run_per_seed_and_the_same_numbers_wherever_it_stands()
    {
        var entries = Digits.LearningRates.Concat(Digits.Initializations).Concat(Digits.BatchSizes).ToArray();

        entries.Should().AllSatisfy(entry => entry.Runs.Select(run => run.Seed).Should().Equal(ShortStudy.Settings.Networks.Seeds));
        foreach (var same in entries.GroupBy(entry => entry.Cell).Where(group => group.Count() > 1))
        {
            same.Should().AllSatisfy(entry => entry.Runs.Should().BeEquivalentTo(same.First().Runs));
        }
    }

    [Fact]
    public void A_median_that_most_seeds_do_not_reach_is_none() =>
        Digits.LearningRates.Should().AllSatisfy(entry => (entry.MedianEpochsToTarget is null).Should().Be(entry.ArrivedCount < 2));

    [Fact]
    public void The_table_holds_one_line_per_training()
    {
        var lines = NetworksCsv.Write(ShortStudy.Outcome.Results).TrimEnd('\n').Split('\n');

        // 2 activations x 3 rates x 2, two more scales of the weights x 2 x 2, 4 normalizations x 2 batch sizes; of each two seeds.
        lines.Should().HaveCount(1 + (2 * (12 + 8 + 8)));
        lines.Skip(1).Should().AllSatisfy(line => line.Split(',').Length.Should().BeInRange(12, 13));
        lines.Should().ContainSingle(line => line.StartsWith("digits,ReLU,Batch,\"Xavier\",0.1,2,4,1,", StringComparison.Ordinal)).Which.Should().NotEndWith(",");
        lines.Should().Contain(line => line.StartsWith("digits,Sigmoid,Batch,\"Xavier\",0.1,64,12,1,", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_has_a_section_with_every_conclusion()
    {
        var page = StudyReport.Write(ShortStudy.Outcome.Results, ShortStudy.Outcome.Timings);

        page.Should().Contain("<details id=\"network-digits\">").And.Contain("Networks on digits");
        Digits.Conclusions.Should().HaveCountGreaterThan(6).And.AllSatisfy(sentence => page.Should().Contain(HtmlWriter.Escape(sentence)));
    }

    [Fact]
    public void Networks_see_every_pixel_that_changes()
    {
        // Of 64 pixels, three are white in every image.
        Digits.Architecture.Should().Be("61-100-100-10");
        ShippedData.Load("digits").Notes.Should().ContainSingle().Which.Should().StartWith("Left out, the same value in every row: ");
    }

    [Fact]
    public void Names_choose_what_networks_are_trained_on()
    {
        Request("wine").LoadNetworkData([]).Should().BeEmpty();
        Request("digits").LoadNetworkData([]).Select(data => data.Name).Should().Equal("digits");
        Request("digits").LoadData().Should().BeEmpty();
        Request().LoadNetworkData([]).Select(data => data.Name).Should().Equal("digits", "breast_cancer");
        Request("breast_cancer", "digits").LoadData().Select(data => data.Name).Should().Equal("breast_cancer");

        static StudyRequest Request(params string[] names) => new(null, null, null, names, "out", 1, new FileHints(), TimeSpan.FromMinutes(2), new StudySettings());
    }

    private static NetworkCellResult LearningRate(ActivationFunction activation, NetworkNormalization normalization, double rate) =>
        Digits.LearningRates.Single(entry => (entry.Cell.Activation, entry.Cell.Normalization, entry.Cell.LearningRate) == (activation, normalization, rate));
}
