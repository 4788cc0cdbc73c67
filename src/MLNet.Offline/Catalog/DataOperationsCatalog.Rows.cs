using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

// Choosing, ordering and keeping rows.
public sealed partial class DataOperationsCatalog
{
    // What a split is seeded with where neither the call nor the context has a seed: splits are always repeatable.
    private const int DefaultSplitSeed = 42;

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Contracts.CheckValue(input, nameof(input));
        var prefetch = (columnsToPrefetch ?? []).Select(name =>
            input.Schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name)).ToArray();
        var cache = new CacheView(input);
        if (prefetch.Length > 0)
        {
            cache.Load(prefetch);
        }

        return cache;
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(columns is { Length: > 0 }, nameof(columns), "At least one column is needed to look for missing values in.");
        var tested = columns.Select(name =>
            input.Schema.GetColumnOrNull(name) ?? throw Contracts.ExceptSchemaMismatch(nameof(columns), "source", name)).ToArray();
        foreach (var column in tested.Where(column => !MissingValueTest.Supports(column.Type)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(columns), $"Column '{column.Name}' has type {column.Type} which does not support missing values, so we cannot filter on them.");
        }

        return new FilterView(
            input,
            tested,
            cursor =>
            {
                Func<bool>[] isMissing = [.. tested.Select(column => MissingValueTest.Create(cursor, column))];
                return () => !Array.Exists(isMissing, test => test());
            },
            inOrder: false);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), $"Must be positive, got {shufflePoolSize}.");
        return new ShuffleView(input, seed ?? _env.Register("Shuffle").Rand.Next(), shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), $"Must be greater than zero, got {count}.");
        return new SkipTakeView(input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), $"Must be greater than zero, got {count}.");
        return new SkipTakeView(input, 0, count);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(
            testFraction is > 0 and < 1, nameof(testFraction), $"Must be between 0 and 1 exclusive, got {testFraction}.");
        var sampling = RowSampling.Create(data, samplingKeyColumnName, GetSplitSeed(seed));
        return Split(data, sampling, position => position < testFraction);
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(
        IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), $"Must be more than 1, got {numberOfFolds}.");
        var sampling = RowSampling.Create(data, samplingKeyColumnName, GetSplitSeed(seed));
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => Split(
            data, sampling, position => (double)fold / numberOfFolds <= position && position <= (double)(fold + 1) / numberOfFolds))];
    }

    private static TrainTestData Split(IDataView data, RowSampling sampling, Func<double, bool> isTest)
    {
        return new TrainTestData(Choose(position => !isTest(position)), Choose(isTest));

        FilterView Choose(Func<double, bool> accepts) => new(
            data,
            sampling.Columns,
            cursor =>
            {
                var getPosition = sampling.CreatePosition(cursor);
                return () => getPosition() is var position && !double.IsNaN(position) && accepts(position);
            },
            inOrder: sampling.Columns.Length == 0);
    }

    private int GetSplitSeed(int? seed) => seed ?? (_env as LocalEnvironment)?.Seed ?? DefaultSplitSeed;
}
