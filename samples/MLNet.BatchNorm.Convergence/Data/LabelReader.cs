using System.Globalization;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Decides what is learned from a label column, and turns its text into classes or numbers.</summary>
internal static class LabelReader
{
    // More whole numbers than this are taken for a quantity, not for classes.
    private const int MostNumericClasses = 20;

    /// <summary>The task that the label suggests: text or few whole numbers are classes, other numbers a quantity.</summary>
    public static LearningTask Infer(IReadOnlyList<string> labels)
    {
        var distinct = labels.Distinct().ToArray();
        var wholeNumbers = distinct.All(label => long.TryParse(label, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));
        var numbers = distinct.All(label => TryNumber(label, out _));
        return distinct.Length <= 2 ? LearningTask.Binary
            : !numbers || (wholeNumbers && distinct.Length <= MostNumericClasses) ? LearningTask.Multiclass
            : LearningTask.Regression;
    }

    /// <summary>The label of each row, and the names of the classes.</summary>
    /// <exception cref="StudyInputException">The labels do not suit the task.</exception>
    public static (double[] Labels, IReadOnlyList<string> Classes) Read(
        CsvTable table, string column, IReadOnlyList<string> labels, IReadOnlyList<int> lines, LearningTask task)
    {
        if (task == LearningTask.Regression)
        {
            return (Numbers(table, column, labels, lines), []);
        }

        var classes = Sorted(labels.Distinct());
        var where = $"'{table.Path}', column '{column}'";
        if (classes.Length < 2)
        {
            throw new StudyInputException($"{where}: every row has the label '{classes[0]}'. There is nothing to learn.");
        }

        if (task == LearningTask.Binary && classes.Length > 2)
        {
            throw new StudyInputException(
                $"{where}: {classes.Length} different labels, where --task binary takes two. Try --task {(Infer(labels) == LearningTask.Regression ? "regression" : "multiclass")}.");
        }

        if (task == LearningTask.Multiclass && classes.Length == 2)
        {
            throw new StudyInputException($"{where}: only two different labels. Use --task binary.");
        }

        if (classes.Length > labels.Count / 2)
        {
            throw new StudyInputException($"{where}: {classes.Length} classes in {labels.Count} rows are too many. If it is a quantity, use --task regression.");
        }

        return ([.. labels.Select(label => (double)Array.IndexOf(classes, label))], classes);
    }

    /// <summary>Parses a finite number.</summary>
    public static bool TryNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static double[] Numbers(CsvTable table, string column, IReadOnlyList<string> labels, IReadOnlyList<int> lines)
    {
        var numbers = new double[labels.Count];
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = TryNumber(labels[row], out var number)
                ? number
                : throw new StudyInputException($"'{table.Path}', line {lines[row]}, column '{column}': '{labels[row]}' is not a number. Use another --task or --label.");
        }

        return numbers.Distinct().Count() > 1
            ? numbers
            : throw new StudyInputException($"'{table.Path}', column '{column}': every row has the target {labels[0]}. There is nothing to learn.");
    }

    private static string[] Sorted(IEnumerable<string> labels)
    {
        var distinct = labels.ToArray();
        return distinct.All(label => TryNumber(label, out _))
            ? [.. distinct.OrderBy(label => float.Parse(label, CultureInfo.InvariantCulture))]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}
