using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.BatchNorm;

/// <summary>Finds the classes of a trained network in the label column of other data, whose keys may stand in another order.</summary>
internal static class LabelClasses
{
    private const int ClassesShown = 10;

    /// <summary>For each key of the label, from 1 on, the class of the network, from 0 on; <see langword="null"/> where labels are no keys.</summary>
    /// <param name="trained">The label column that the network was trained on.</param>
    /// <param name="label">The label column of the new data.</param>
    /// <param name="parameterName">What the caller calls the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is of another kind, or has classes that the network does not know.</exception>
    public static int[]? Match(DataViewSchema.Column trained, DataViewSchema.Column label, string parameterName)
    {
        if (trained.Type is not KeyDataViewType trainedKey || label.Type is not KeyDataViewType key)
        {
            return trained.Type is KeyDataViewType == label.Type is KeyDataViewType ? null : throw SchemaErrors.WrongType(
                parameterName, "label", label.Name, $"{(trained.Type is KeyDataViewType ? "a key" : "no key")}, as in the training of the model ({trained.Type})", $"{label.Type}",
                "Make the label as it was made for that training.");
        }
        object[]? known = LabelState.ClassNames(trained);
        object[]? names = LabelState.ClassNames(label);
        if (known is null || names is null)
        {
            // Without names there are only the numbers of the keys to go by.
            return known is null && names is null && key.Count == trainedKey.Count ? [.. Enumerable.Range(0, (int)key.Count)] : throw SchemaErrors.WrongType(
                parameterName, "label", label.Name, $"a key of {trainedKey.Count} classes {(known is null ? "without names" : "with names")}, as in the training of the model",
                $"a key of {key.Count} {(names is null ? "without names" : "with names")}", "Make the label as it was made for that training.");
        }
        var classes = new Dictionary<object, int>();
        for (int i = 0; i < known.Length; i++)
        {
            classes.TryAdd(known[i], i);
        }
        object[] unknown = [.. names.Where(name => !classes.ContainsKey(name))];
        return unknown.Length == 0 ? Array.ConvertAll(names, name => classes[name]) : throw SchemaErrors.WrongType(
            parameterName, "label", label.Name, $"the classes of the model: {List(known)}", $"new ones: {List(unknown)}",
            "A network cannot learn further classes: leave their rows out, or train a new network on all data.");
    }

    private static string List(object[] names)
    {
        string shown = string.Join(", ", names.Take(ClassesShown).Select(name => string.Create(CultureInfo.InvariantCulture, $"'{name}'")));
        return names.Length <= ClassesShown ? shown : $"{shown} and {names.Length - ClassesShown} more";
    }
}
