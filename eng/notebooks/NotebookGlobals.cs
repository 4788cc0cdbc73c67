using System.Diagnostics.CodeAnalysis;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>What cells find in dotnet-interactive's C# kernel under the same names, as far as the notebooks use it.</summary>
public sealed class NotebookGlobals
{
    /// <summary>Marks a string as HTML.</summary>
    /// <param name="content">The markup.</param>
    [SuppressMessage("Performance", "CA1822", Justification = "The kernel's name, found on the globals object.")]
    public object HTML(string content) => new CellOutput(CellOutput.Html, content);

    /// <summary>Adds a value to the cell's outputs.</summary>
    /// <param name="value">What <see cref="HTML"/> has returned.</param>
    /// <exception cref="ArgumentException">It is something else: how the kernel would show it is not known here.</exception>
    [SuppressMessage("Performance", "CA1822", Justification = "The kernel's name, found on the globals object.")]
    [SuppressMessage("Style", "IDE1006", Justification = "The kernel's name.")]
    public void display(object value) => CellRecorder.Display(
        value as CellOutput ?? throw new ArgumentException("Expected display(HTML(...)). Print anything else with Console.WriteLine.", nameof(value)));
}
