using MLNet.BatchNorm.Convergence.Data.Files;

namespace MLNet.BatchNorm.Convergence.Data;

/// <summary>Decides what is learned from a label column, and turns its text into classes or numbers.</summary>
internal static class LabelReader
{
    // More whole numbers than this are taken for a quantity, not for classes.
    private const int MostNumericClasses = 20;

    // Each class has weights of its own for every feature.
    private const int MostClasses = 100;

    /// <summary>The task that the label suggests: text or few whole numbers are classes, other numbers a quantity.</summary>
    public static LearningTask Infer(IReadOnlyList<string> labels, NumberFormat format)
    {
        var distinct = labels.Distinct().ToArray();
        var numbers = distinct.Count(label => format.TryParse(label, out _));
        var allWhole = numbers == distinct.Length && distinct.All(label => format.TryParse(label, out var value) && value == Math.Floor(value));
        return distinct.Length <= 2 ? LearningTask.Binary

            // A stray word among many numbers is a cell that cannot be read.
            : numbers < distinct.Length && (numbers <= MostNumericClasses || numbers < 0.8 * distinct.Length) ? LearningTask.Multiclass
            : allWhole && distinct.Length <= MostNumericClasses ? LearningTask.Multiclass
            : LearningTask.Regression;
    }

    /// <summary>The label of each row that has a usable one, the names of the classes, and the rows.</summary>
    /// <exception cref="StudyInputException">The labels do not suit the task.</exception>
    public static (double[] Labels, IReadOnlyList<string> Classes, int[] Rows) Read(
        string where, IReadOnlyList<string> labels, LearningTask task, NumberFormat format, List<string> notes)
    {
        if (task == LearningTask.Regression)
        {
            return Numbers(where, labels, format, notes);
        }

        var classes = Sorted(labels.Distinct(), format);
        if (classes.Length < 2)
        {
            throw new StudyInputException($"{where}: every row has the label '{classes[0]}'. There is nothing to learn.");
        }

        if (task == LearningTask.Binary && classes.Length > 2)
        {
            throw new StudyInputException(
                $"{where}: {classes.Length} different labels, where --task binary takes two. Try --task {(Infer(labels, format) == LearningTask.Regression ? "regression" : "multiclass")}.");
        }

        if (task == LearningTask.Multiclass && classes.Length == 2)
        {
            throw new StudyInputException($"{where}: only two different labels. Use --task binary.");
        }

        if (classes.Length > labels.Count / 2 || classes.Length > MostClasses)
        {
            throw new StudyInputException(
                $"{where}: {classes.Length} classes in {labels.Count} rows are too many{(classes.Length > MostClasses ? $" (at most {MostClasses})" : string.Empty)}. If it is a quantity, use --task regression.");
        }

        if (task == LearningTask.Binary && classes.FirstOrDefault(name => labels.Count(label => label == name) < 2) is { } single)
        {
            throw new StudyInputException($"{where}: one row alone has the label '{single}'. Two are needed, one to train and one to test.");
        }

        var indices = classes.Index().ToDictionary(entry => entry.Item, entry => (double)entry.Index);
        return ([.. labels.Select(label => indices[label])], classes, [.. Enumerable.Range(0, labels.Count)]);
    }

    private static (double[] Labels, IReadOnlyList<string> Classes, int[] Rows) Numbers(
        string where, IReadOnlyList<string> labels, NumberFormat format, List<string> notes)
    {
        var numbers = labels.Select((label, row) => (Row: row, IsNumber: format.TryParse(label, out var value), Value: value)).Where(entry => entry.IsNumber).ToArray();
        if (numbers.Length < labels.Count)
        {
            var stray = labels.First(label => !format.TryParse(label, out _));
            if (numbers.Length < 0.8 * labels.Count)
            {
                throw new StudyInputException($"{where}: '{stray}' is not a number, and {labels.Count - numbers.Length} of {labels.Count} labels are not. Use another --task or --label.");
            }

            notes.Add($"{labels.Count - numbers.Length} of {labels.Count} rows left out: the label is not a number, '{stray}' the first of them.");
        }

        double[] values = [.. numbers.Select(entry => entry.Value)];
        return values.Distinct().Count() > 1
            ? ([.. SinglePrecision.Narrow("the label", values, notes).Values.Select(value => (double)value)], [], [.. numbers.Select(entry => entry.Row)])
            : throw new StudyInputException($"{where}: every row has the target {labels[0]}. There is nothing to learn.");
    }

    private static string[] Sorted(IEnumerable<string> labels, NumberFormat format)
    {
        var distinct = labels.ToArray();
        return distinct.All(label => format.TryParse(label, out _))
            ? [.. distinct.OrderBy(label => format.TryParse(label, out var value) ? value : 0)]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}
