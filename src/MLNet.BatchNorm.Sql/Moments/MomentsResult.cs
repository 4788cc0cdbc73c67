namespace MLNet.BatchNorm.Sql;

/// <summary>From the sums of a statement to moments, and what in them is an error.</summary>
internal static class MomentsResult
{
    /// <summary>The moments of one row of the result, once all parts of wide rows are there.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="parts">The same row of each statement; each has the next features.</param>
    /// <exception cref="InvalidOperationException">Weights, infinities, values that are no numbers, or sums that overflowed.</exception>
    public static FeatureMoments ToMoments(MomentsRequest request, IReadOnlyList<MomentsRow> parts)
    {
        MomentsRow first = parts[0];
        if (parts.Any(part => part.RowCount != first.RowCount))
        {
            throw new InvalidOperationException(
                $"{request.Source} had {string.Join(", then ", parts.Select(part => part.RowCount))} rows while its {request.Columns.Count} columns were read in parts: " +
                "others write to it, and the transaction does not keep them out. Give a transaction of a stricter isolation.");
        }

        if (first.BadWeightCount > 0)
        {
            throw new InvalidOperationException(
                $"Weight column '{request.Options.WeightColumnName}': {first.BadWeightCount} row(s) have a weight that is negative, NULL, NaN or infinite. " +
                "Filter them out, or give them weight 0.");
        }

        var features = parts.SelectMany(part => part.Features);
        return FeatureMoments.FromStatistics(
            [.. features.Select((sums, feature) => ToStatistics(request, first.WeighingRowCount, request.Columns[feature], sums))], first.RowCount);
    }

    private static FeatureStatistics ToStatistics(MomentsRequest request, long weighingRowCount, string column, in MomentsRow.FeatureSums sums)
    {
        if (sums.NoNumberCount > 0)
        {
            throw new InvalidOperationException(
                $"Column '{column}': {sums.NoNumberCount} value(s) are text or blobs, not numbers. Filter them out, or convert them in a query.");
        }

        if (sums.InfiniteCount > 0 && request.Options.Infinity == InfinityPolicy.Throw)
        {
            throw new InvalidOperationException(
                $"Column '{column}': {sums.InfiniteCount} value(s) are infinite. Filter them out, or set {nameof(SqlMomentsOptions.Infinity)} to " +
                $"{nameof(InfinityPolicy)}.{nameof(InfinityPolicy.LeaveOut)}.");
        }

        long missing = weighingRowCount - sums.Count - sums.InfiniteCount;
        if (sums.Count == 0)
        {
            return new FeatureStatistics { MissingCount = missing, InfiniteCount = sums.InfiniteCount };
        }

        double offset = sums.Sum / sums.WeightSum;
        double variance = Math.Max(0, (sums.SquareSum - (sums.Sum * offset)) / sums.WeightSum);
        double mean = sums.Center + offset;
        if (!double.IsFinite(mean) || !double.IsFinite(variance))
        {
            throw new InvalidOperationException(
                $"Column '{column}': the values, from {sums.Minimum:G3} to {sums.Maximum:G3}, are so far apart or so large that their sums overflow. " +
                "Divide them by a constant in a query.");
        }

        return new FeatureStatistics
        {
            Count = sums.Count,
            MissingCount = missing,
            InfiniteCount = sums.InfiniteCount,
            WeightSum = sums.WeightSum,
            Mean = mean,
            MeanRemainder = sums.Center - mean + offset,
            PopulationVariance = variance,
            Minimum = sums.Minimum,
            Maximum = sums.Maximum,
        };
    }
}
