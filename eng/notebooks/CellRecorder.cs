using System.Text;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>Collects what a cell prints and displays, in order.</summary>
internal sealed class CellRecorder
{
    private static readonly AsyncLocal<CellRecorder?> Current = new();
    private static readonly Lazy<bool> Installed = new(Install);

    private readonly Lock _lock = new();
    private readonly List<CellOutput> _outputs = [];
    private readonly StringBuilder _text = new();

    /// <summary>Runs an action; what it prints goes to the recorder, what others print at the same time does not.</summary>
    public static async Task<IReadOnlyList<CellOutput>> Record(Func<Task> action)
    {
        _ = Installed.Value;
        var recorder = new CellRecorder();
        Current.Value = recorder;
        try
        {
            await action();
        }
        finally
        {
            Current.Value = null;
        }
        return recorder.Finish();
    }

    /// <summary>Adds something displayed to the cell that is running.</summary>
    public static void Display(CellOutput output)
    {
        var recorder = Current.Value ?? throw new InvalidOperationException("No cell is running.");
        lock (recorder._lock)
        {
            recorder.FlushText();
            recorder._outputs.Add(output);
        }
    }

    private static bool Install()
    {
        Console.SetOut(new Router(Console.Out));
        return true;
    }

    private List<CellOutput> Finish()
    {
        lock (_lock)
        {
            FlushText();
            return _outputs;
        }
    }

    private void FlushText()
    {
        if (_text.Length > 0)
        {
            _outputs.Add(new CellOutput(CellOutput.Text, _text.ToString()));
            _text.Clear();
        }
    }

    private void Write(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            _text.Append(text);
        }
    }

    /// <summary>The console of the process: to the recorder where one is current, and as ever elsewhere.</summary>
    private sealed class Router(TextWriter console) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        public override string NewLine => "\n";

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Current.Value is { } recorder)
            {
                recorder.Write(buffer);
            }
            else
            {
                console.Write(buffer);
            }
        }

        public override void Flush() => console.Flush();
    }
}
