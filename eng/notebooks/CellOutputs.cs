using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Documents;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Turns what the kernel says while a cell runs into the outputs that are saved with it, as Jupyter does.</summary>
/// <remarks>
/// Left out is what depends on the machine or the moment and not on the notebook: the folders that packages were found in, assembly versions, and
/// the random names of charts.
/// </remarks>
internal sealed class CellOutputs
{
    // An assembly was built against an older version of another one than is loaded.
    private static readonly string[] UnifiedReferences = ["CS1701", "CS1702"];

    private readonly List<InteractiveDocumentOutputElement> _outputs = [];
    private readonly StringBuilder _text = new();
    private readonly int _executionCount;
    private string _stream = "";

    private CellOutputs(int executionCount) => _executionCount = executionCount;

    public static IReadOnlyList<InteractiveDocumentOutputElement> Of(IEnumerable<KernelEvent> events, int executionCount)
    {
        var outputs = new CellOutputs(executionCount);
        foreach (var kernelEvent in events)
        {
            outputs.Add(kernelEvent);
        }
        outputs.EndText();
        return outputs._outputs;
    }

    private void Add(KernelEvent kernelEvent)
    {
        switch (kernelEvent)
        {
            case DisplayEvent { Value: InstallPackagesMessage }:
            case ReturnValueProduced { Value: DisplayedValue }:
                break;
            case StandardOutputValueProduced printed:
                AddText("stdout", PlainText(printed));
                break;
            case StandardErrorValueProduced printed:
                AddText("stderr", PlainText(printed));
                break;
            case DiagnosticsProduced diagnostics:
                var shown = diagnostics.Diagnostics.Where(diagnostic => !UnifiedReferences.Contains(diagnostic.Code));
                AddText("stderr", string.Concat(shown.Select(diagnostic => $"{diagnostic}\n")));
                break;
            case ReturnValueProduced returned:
                var value = new ReturnValueElement { ExecutionOrder = _executionCount };
                foreach (var (mimeType, content) in Data(returned))
                {
                    value.Data.Add(mimeType, content);
                }
                AddElement(value);
                break;
            case DisplayedValueProduced displayed:
                AddElement(new DisplayElement(Data(displayed)));
                break;
            case CommandFailed failure:
                AddElement(new ErrorElement(failure.Message, stackTrace: failure.Message.Split('\n')));
                break;
        }
    }

    private void AddElement(InteractiveDocumentOutputElement element)
    {
        EndText();
        _outputs.Add(element);
    }

    private void AddText(string stream, string text)
    {
        if (text.Length == 0)
        {
            return;
        }
        if (stream != _stream)
        {
            EndText();
            _stream = stream;
        }
        _text.Append(text);
    }

    private void EndText()
    {
        if (_text.Length > 0)
        {
            _outputs.Add(new TextElement(_text.ToString(), _stream));
            _text.Clear();
        }
    }

    private static string PlainText(DisplayEvent printed) =>
        Lines(printed.FormattedValues.Single(value => value.MimeType == PlainTextFormatter.MimeType).Value);

    private Dictionary<string, object> Data(DisplayEvent displayed) =>
        displayed.FormattedValues.ToDictionary(value => value.MimeType, object (value) => ChartNames.Fix(Lines(value.Value), _executionCount, _outputs.Count));

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
