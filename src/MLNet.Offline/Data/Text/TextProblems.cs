using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Tells the host's channel of bad values and quotes: the first ten one by one, all of them as a sum at the end.</summary>
internal sealed class TextProblems(IHost host) : IDisposable
{
    private const int ShownLimit = 10;

    private readonly IChannel _channel = host.Start("ParseStats");
    private long _rowCount;
    private long _badCount;
    private long _formatCount;
    private bool _isDisposed;

    public void AddRow() => _rowCount++;

    public void AddBadValues(int count, long lineNumber, TextCell cell)
    {
        if (count > 0 && _badCount < ShownLimit)
        {
            _channel.Info(MessageSensitivity.Schema, "Bad value at line {0} in column {1}", lineNumber, cell.Name);
        }

        _badCount += count;
    }

    public void AddFormatError(long lineNumber)
    {
        if (_formatCount++ < ShownLimit)
        {
            _channel.Warning(MessageSensitivity.None, "Format error at line {0}: Illegal quoting", lineNumber);
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_badCount > 0 || _formatCount > 0)
        {
            _channel.Info(
                MessageSensitivity.None, "Processed {0} rows with {1} bad values and {2} format errors", _rowCount, _badCount, _formatCount);
        }

        _channel.Dispose();
    }
}
