using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm.QuickStart;

/// <summary>
/// Pixels of color images from 0..255 to 0..1, and then each channel by the mean and deviation of ImageNet's photographs: what the networks that
/// were trained on those expect, whatever the images at hand are like (torchvision's Normalize).
/// </summary>
internal static class ImagePixels
{
    private const int Channels = 3;
    private const int Height = 16;
    private const int Width = 16;

    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] ImageNetDeviation = [0.229, 0.224, 0.225];

    public static void Run()
    {
        var mlContext = new MLContext();
        IDataView images = mlContext.Data.LoadFromEnumerable(Images(count: 200));

        // All numbers are given: Fit reads no image.
        var pipeline = mlContext.Transforms
            .ScaleMinMax("Pixels", options: new MinMaxScalingOptions { DataMinimum = 0, DataMaximum = 255 })
            // One mean and one deviation per channel. The channel is axis 0 of [channels, height, width].
            .Append(mlContext.Transforms.Standardize("Pixels", options: new StandardizationOptions
            {
                Mean = ImageNetMean,
                StandardDeviation = ImageNetDeviation,
                ChannelAxis = 0,
            }));
        var model = pipeline.Fit(images);

        float[][] scaled = [.. model.Transform(images).GetColumn<float[]>("Pixels")];
        for (int channel = 0; channel < Channels; channel++)
        {
            double[] pixels = [.. scaled.SelectMany(image => image.Skip(channel * Height * Width).Take(Height * Width)).Select(pixel => (double)pixel)];
            double mean = pixels.Average();
            double deviation = Math.Sqrt(pixels.Average(pixel => (pixel - mean) * (pixel - mean)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"channel {channel}: less {ImageNetMean[channel]:F3}, by {ImageNetDeviation[channel]:F3}; these images then have mean {mean:F4}, standard deviation {deviation:F4}"));
        }
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
