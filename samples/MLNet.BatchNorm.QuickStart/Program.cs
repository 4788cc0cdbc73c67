// Small programs, one file each. Usage: dotnet run --project samples/MLNet.BatchNorm.QuickStart -- NAME
using System.Globalization;
using MLNet.BatchNorm.QuickStart;

switch (args)
{
    case ["csv"]:
        StandardizeCsv.Run(ShippedData.PathOf("wine.csv"), "wine.standardized.csv");
        return 0;
    case ["csv", var input, var output]:
        StandardizeCsv.Run(input, output);
        return 0;
    case ["images"]:
        ImagePixels.Run();
        return 0;
    case ["daily"]:
        DailyUpdates.Run();
        return 0;
    case ["shards"]:
        await ShardStatistics.Run(partCount: 4);
        return 0;
    case ["shards", var partCount]:
        await ShardStatistics.Run(int.Parse(partCount, CultureInfo.InvariantCulture));
        return 0;
    case ["shards", var part, var partCount]:
        ShardStatistics.RunPart(int.Parse(part, CultureInfo.InvariantCulture), int.Parse(partCount, CultureInfo.InvariantCulture));
        return 0;
    case ["parquet"]:
        ParquetFolder.Run("scoring.sql");
        return 0;
    case ["parquet", var sqlPath]:
        ParquetFolder.Run(sqlPath);
        return 0;
    case ["threads"]:
        ManyThreads.Run();
        return 0;
    case ["outliers"]:
        Outliers.Run();
        return 0;
    case ["monitor"]:
        await DriftService.Run();
        return 0;
    default:
        Console.Error.WriteLine(
            """
            Usage: dotnet run --project samples/MLNet.BatchNorm.QuickStart -- NAME

              csv [INPUT OUTPUT]  standardize a CSV file (StandardizeCsv.cs)
              images              pixels to 0..1, then per channel to mean 0 and standard deviation 1 (ImagePixels.cs)
              daily               a model that every day's rows update, saved and loaded in between (DailyUpdates.cs)
              shards [COUNT]      count parts of the data in processes of their own and merge the moments (ShardStatistics.cs)
              parquet [OUTPUT]    fit over Parquet files larger than the memory for them, and score in SQL (ParquetFolder.cs)
              threads             one model, many threads, as in a web service (ManyThreads.cs)
              outliers            what outliers do to a scaling, and to the model behind it (Outliers.cs)
              monitor             a web service that watches its requests for drift, and is updated while it runs (DriftService.cs)

            A saved model in a program without this library: samples/MLNet.BatchNorm.ScoreSavedModel.
            """);
        return 1;
}
