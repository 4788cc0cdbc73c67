using System.Globalization;
using System.Text;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.Output;

/// <summary>All trainings of networks as one long table, for a spreadsheet or a plotting program.</summary>
public static class NetworksCsv
{
    /// <summary>
    /// The CSV text: one line per training; a field is empty where the training did not arrive, or did not diverge, or was not scored by exact
    /// statistics.
    /// </summary>
    public static string Write(StudyResults results)
    {
        var text = new StringBuilder(
            "data_set,activation,normalization,initialization,learning_rate,batch_size,epochs,seed,epochs_to_target,diverged_at_epoch,score,exact_score\n");
        foreach (var network in results.Networks)
        {
            foreach (var entry in network.LearningRates.Concat(network.Initializations).Concat(network.BatchSizes).DistinctBy(entry => entry.Cell))
            {
                foreach (var run in entry.Runs)
                {
                    var cell = entry.Cell;
                    text.Append(CultureInfo.InvariantCulture, $"{network.Name},{cell.Activation},{cell.Normalization},\"{cell.Initialization}\",")
                        .Append(CultureInfo.InvariantCulture, $"{cell.LearningRate:R},{cell.BatchSize},{cell.Epochs},{run.Seed},")
                        .Append(CultureInfo.InvariantCulture, $"{run.EpochsToTarget},{run.DivergedAtEpoch},{run.Score:R},{run.ExactScore:R}\n");
                }
            }
        }

        return text.ToString();
    }
}
