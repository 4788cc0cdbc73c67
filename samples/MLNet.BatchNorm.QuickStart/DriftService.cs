using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// A web service that predicts from spans, watches its requests for drift, and is given an updated scaling while requests run. What a request
/// needs is one immutable object; putting another in its place is one assignment, and no request is lost or sees a mixture.
/// </summary>
internal static class DriftService
{
    private const int RequestsPerPart = 2_000;
    private const int Clients = 8;

    public static async Task Run()
    {
        var mlContext = new MLContext(seed: 1);
        var serving = new Serving(Train(mlContext, out Wine[] wines));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication service = builder.Build();
        service.MapPost("/predict", ([FromBody] float[] features) => Results.Ok(serving.Predict(features)));
        await service.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(service.Urls.Single()) };

        // Wines like those of the training: no alarm.
        int answered = await Send(client, Rows(wines, shift: 0));
        PrintAlarm("like the training data", serving.Report());

        // A new instrument reads the alcohol two percent too high. The window holds the latest rows alone.
        Task<int> requests = Send(client, Rows(wines, shift: 2));
        answered += await requests;
        PrintAlarm("from the new instrument", serving.Report());

        // While the next requests run, the scaling learns the new rows, and takes the place of the old one. (The network behind it should be trained
        // again on labeled rows; here it stays, to keep the sample short.)
        requests = Send(client, Rows(wines, shift: 2));
        IDataView recent = mlContext.Data.LoadFromEnumerable(Rows(wines, shift: 2).Select(row => new Wine { Features = row }), Schema(wines[0].Features.Length));
        serving.Update(recent);
        answered += await requests;
        answered += await Send(client, Rows(wines, shift: 2));
        PrintAlarm("after the update", serving.Report());

        Console.WriteLine($"{answered} of {4 * RequestsPerPart} requests answered, {4 * RequestsPerPart - answered} lost");
        await service.StopAsync();
    }

    private static Model Train(MLContext mlContext, out Wine[] wines)
    {
        string[][] cells = [.. File.ReadLines(ShippedData.PathOf("wine.csv")).Skip(1).Select(line => line.Split(','))];
        wines = [.. cells.Select(row => new Wine
        {
            Features = [.. row[..^1].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))],
            Label = row[^1],
        })];
        IDataView data = mlContext.Data.LoadFromEnumerable(wines, Schema(wines[0].Features.Length));
        data = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var scaler = mlContext.Transforms.Standardize("Features", options: new() { TrackQuantiles = true }).Fit(data);
        var network = mlContext.MulticlassClassification.Trainers
            .MultilayerPerceptron(new MultilayerPerceptronOptions { HiddenLayers = [16], Epochs = 40, Seed = 1 }).Fit(scaler.Transform(data));
        return new Model(scaler, network.Model);
    }

    /// <summary>Sends rows from several clients at once; returns how many were answered with a class.</summary>
    private static async Task<int> Send(HttpClient client, float[][] rows)
    {
        int answered = 0;
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = Clients }, async (row, token) =>
        {
            using HttpResponseMessage response = await client.PostAsJsonAsync("/predict", row, token);
            if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<int>(token) is >= 0 and < 3)
            {
                Interlocked.Increment(ref answered);
            }
        });
        return answered;
    }

    private static float[][] Rows(Wine[] wines, float shift)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, RequestsPerPart).Select(_ =>
        {
            float[] row = [.. wines[random.Next(wines.Length)].Features];
            row[0] += shift;
            return row;
        })];
    }

    private static void PrintAlarm(string which, DriftReport report)
    {
        Console.WriteLine(report.Verdict == DriftVerdict.Drifted
            ? $"{which}: ALARM, {report.Summary}"
            : $"{which}: no alarm, {report.RowCount} row(s) in the window");
        foreach (FeatureDrift feature in report.Drifted)
        {
            Console.WriteLine($"  {feature.Message}");
        }
    }

    private static SchemaDefinition Schema(int featureCount)
    {
        var schema = SchemaDefinition.Create(typeof(Wine));
        schema[nameof(Wine.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, featureCount);
        return schema;
    }

    /// <summary>All that a request needs, and nothing that changes.</summary>
    private sealed record Model(StandardizationTransformer Scaler, MultilayerPerceptronModel Network)
    {
        public DriftMonitor Monitor { get; } = Scaler.CreateDriftMonitor(new DriftMonitorOptions { Name = "wine", WindowRows = RequestsPerPart });
    }

    /// <summary>The model in use, which requests read and an update replaces.</summary>
    private sealed class Serving(Model model)
    {
        private Model _model = model;

        public int Predict(float[] features)
        {
            // Read once: this request stays with one model, whatever takes its place meanwhile.
            Model model = Volatile.Read(ref _model);
            model.Monitor.Add<float>(features);
            Span<float> scaled = stackalloc float[model.Network.FeatureCount];
            model.Scaler.Columns[0].Apply<float>(features, scaled);
            Span<float> scores = stackalloc float[model.Network.OutputCount];
            model.Network.Predict(scaled, scores);
            return scores.IndexOf(scores[0] > scores[1] && scores[0] > scores[2] ? scores[0] : Math.Max(scores[1], scores[2]));
        }

        public DriftReport Report() => Volatile.Read(ref _model).Monitor.Report();

        public void Update(IDataView rows)
        {
            Model old = Volatile.Read(ref _model);
            Volatile.Write(ref _model, new Model(old.Scaler.Update(rows), old.Network));
            old.Monitor.Dispose();
        }
    }

    private sealed class Wine
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
