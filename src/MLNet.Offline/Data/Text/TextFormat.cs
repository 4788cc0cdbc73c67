using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How fields stand in a line: separators, quotes, white space.</summary>
internal sealed class TextFormat
{
    private const char Quote = '"';

    private readonly char[] _separators;
    private readonly bool _isQuoting;
    private readonly bool _isTrimming;
    private readonly bool _isSpaceSeparator;

    public TextFormat(TextLoader.Options options)
    {
        if (options.AllowSparse)
        {
            throw new NotSupportedException("MLNet.Offline does not read sparse text (AllowSparse): write the zeros, or use the Microsoft.ML package.");
        }

        _separators = options.Separators ?? [];
        Runtime.Contracts.CheckParam(
            _separators.Length > 0 && !Array.Exists(_separators, IsIllegalSeparator),
            nameof(options.Separators),
            $"Illegal separator in '{string.Join("', '", _separators)}': digits, quotes and control characters other than tab are none.");
        _isQuoting = options.AllowQuoting;
        _isTrimming = options.TrimWhitespace;
        _isSpaceSeparator = _separators.Contains(' ');
        HasHeader = options.HasHeader;
        EmptyIsNaN = options.MissingRealsAsNaNs;
    }

    public bool HasHeader { get; }

    public bool EmptyIsNaN { get; }

    /// <summary>The line's fields into a new list.</summary>
    public List<ReadOnlyMemory<char>> Split(ReadOnlyMemory<char> line)
    {
        var fields = new List<ReadOnlyMemory<char>>();
        Split(line, fields, int.MaxValue);
        return fields;
    }

    /// <summary>The line's first fields, up to <paramref name="limit"/>; false where quotes are wrong (such a field counts as empty).</summary>
    public bool Split(ReadOnlyMemory<char> line, List<ReadOnlyMemory<char>> fields, int limit)
    {
        fields.Clear();
        if (_isTrimming)
        {
            line = line[..line.Span.TrimEnd().Length];
        }

        var isGood = true;
        for (var start = 0; start >= 0 && fields.Count < limit;)
        {
            fields.Add(ReadField(line, ref start, ref isGood));
        }

        return isGood;
    }

    private static bool IsIllegalSeparator(char separator) => separator is Quote or (>= '0' and <= '9') || (separator < ' ' && separator != '\t');

    // Leaves `start` behind the field's separator, or at -1 behind the last field.
    private ReadOnlyMemory<char> ReadField(ReadOnlyMemory<char> line, ref int start, ref bool isGood)
    {
        var text = line.Span;
        while (!_isSpaceSeparator && start < text.Length && text[start] == ' ')
        {
            start++;
        }

        if (_isQuoting && start < text.Length && text[start] == Quote)
        {
            return ReadQuotedField(text, ref start, ref isGood);
        }

        var length = text[start..].IndexOfAny(_separators);
        var field = length < 0 ? line[start..] : line.Slice(start, length);
        start = length < 0 ? -1 : start + length + 1;
        return field;
    }

    private ReadOnlyMemory<char> ReadQuotedField(ReadOnlySpan<char> text, ref int start, ref bool isGood)
    {
        var field = new StringBuilder();
        var isClosed = false;
        var at = start + 1;
        while (at < text.Length)
        {
            if (text[at] != Quote)
            {
                field.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == Quote)
            {
                field.Append(Quote);
                at += 2;
            }
            else
            {
                isClosed = true;
                at++;
                break;
            }
        }

        var rest = text[at..];
        var length = rest.IndexOfAny(_separators);
        var between = length < 0 ? rest : rest[..length];
        start = length < 0 ? -1 : at + length + 1;
        if (!isClosed || between.ContainsAnyExcept(' '))
        {
            isGood = false;
            return default;
        }

        return field.ToString().AsMemory();
    }
}
