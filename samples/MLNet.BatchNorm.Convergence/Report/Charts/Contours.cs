namespace MLNet.BatchNorm.Convergence.Report.Charts;

/// <summary>Marching squares: where a function that is known on a grid has a given value.</summary>
/// <remarks>Lorensen and Cline (1987), in two dimensions. A saddle is cut one of the two ways; a convex function has none.</remarks>
internal static class Contours
{
    /// <summary>The segments of one contour line. Values stand row by row, the second axis growing from row to row.</summary>
    public static IEnumerable<((double X, double Y) From, (double X, double Y) To)> At(
        double level, IReadOnlyList<double> xs, IReadOnlyList<double> ys, IReadOnlyList<double> values)
    {
        for (var row = 0; row + 1 < ys.Count; row++)
        {
            for (var column = 0; column + 1 < xs.Count; column++)
            {
                var corners = new (double X, double Y, double Value)[]
                {
                    Corner(column, row), Corner(column + 1, row), Corner(column + 1, row + 1), Corner(column, row + 1),
                };
                var crossings = Enumerable.Range(0, 4)
                    .Select(side => (From: corners[side], To: corners[(side + 1) % 4]))
                    .Where(side => (side.From.Value < level) != (side.To.Value < level))
                    .Select(side => Between(side.From, side.To, level))
                    .ToArray();
                for (var i = 0; i + 1 < crossings.Length; i += 2)
                {
                    yield return (crossings[i], crossings[i + 1]);
                }
            }
        }

        (double X, double Y, double Value) Corner(int column, int row) => (xs[column], ys[row], values[(row * xs.Count) + column]);
    }

    private static (double X, double Y) Between((double X, double Y, double Value) from, (double X, double Y, double Value) to, double level)
    {
        var share = (level - from.Value) / (to.Value - from.Value);
        return (from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
    }
}
