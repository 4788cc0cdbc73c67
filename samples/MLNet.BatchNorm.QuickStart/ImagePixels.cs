using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>Pixels of color images from 0..255 to 0..1, and then each channel to mean 0 and standard deviation 1.</summary>
internal static class ImagePixels
{
    private const int Channels = 3;
    private const int Height = 16;
    private const int Width = 16;

    public static void Run()
    {
        var mlContext = new MLContext();
        IDataView images = mlContext.Data.LoadFromEnumerable(Images(count: 200));

        var pipeline = mlContext.Transforms
            // The range of pixels is known: nothing to fit, and an image without a white pixel is not stretched.
            .ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 })
            // One mean and one deviation per channel, over all pixels of all images. The channel is axis 0 of [channels, height, width].
            .Append(mlContext.Transforms.Standardize("Pixels", options: new StandardizationOptions { ChannelAxis = 0 }));
        var model = pipeline.Fit(images);

        StandardizationColumn column = model.LastTransformer.Columns[0];
        for (int channel = 0; channel < Channels; channel++)
        {
            // The slots of a channel share its statistics; the first will do.
            FeatureStatistics statistics = column.Statistics[channel * Height * Width];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"channel {channel}: mean {statistics.Mean:F4}, standard deviation {statistics.PopulationStandardDeviation:F4} (of 0..1)"));
        }

        float[] pixels = [.. model.Transform(images).GetColumn<float[]>("Pixels").SelectMany(image => image)];
        double mean = pixels.Average(pixel => (double)pixel);
        double deviation = Math.Sqrt(pixels.Average(pixel => (pixel - mean) * (pixel - mean)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after: mean {Math.Abs(mean):F4}, standard deviation {deviation:F4}"));
    }

    /// <summary>Noise around a color of its own in each channel. Yours come from files.</summary>
    private static List<Image> Images(int count)
    {
        ReadOnlySpan<int> darkest = [100, 60, 20];
        var random = new Random(1);
        var images = new List<Image>();
        for (int image = 0; image < count; image++)
        {
            var pixels = new float[Channels * Height * Width];
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = darkest[i / (Height * Width)] + random.Next(120);
            }
            images.Add(new Image { Pixels = pixels });
        }
        return images;
    }

    private sealed class Image
    {
        [VectorType(Channels, Height, Width)]
        public float[] Pixels { get; set; } = [];
    }
}
