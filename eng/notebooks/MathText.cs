using System.Text;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>The formulas of the notebooks, in LaTeX there, as a terminal can show them: \frac{x - \mu}{\sigma^2} is (x - μ) / σ².</summary>
internal sealed class MathText
{
    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["alpha"] = "α",
        ["beta"] = "β",
        ["gamma"] = "γ",
        ["varepsilon"] = "ε",
        ["mu"] = "μ",
        ["sigma"] = "σ",
        ["min"] = "min",
        ["max"] = "max",
    };

    private readonly string _latex;
    private readonly StringBuilder _text = new();
    private int _next;

    private MathText(string latex) => _latex = latex;

    /// <summary>What \qquad sets apart stands on lines of its own.</summary>
    /// <exception cref="InvalidOperationException">A formula has a command that is not known here.</exception>
    public static IEnumerable<string> Lines(string latex) => latex.Split(@"\qquad").Select(Line);

    public static string Line(string latex) => new MathText(latex).Convert().Trim();

    private string Convert()
    {
        while (_next < _latex.Length)
        {
            char next = _latex[_next++];
            switch (next)
            {
                case '\\':
                    Command();
                    break;
                case '{':
                    _next--;
                    _text.Append(Argument());
                    break;
                case '_':
                    _text.Append('_').Append(Argument());
                    break;
                case '^':
                    string exponent = Argument();
                    _text.Append(exponent == "2" ? "²" : $"^{InBrackets(exponent)}");
                    break;
                case '=' or '+' or '-':
                    Operator(next);
                    break;
                case ' ':
                    Space();
                    break;
                default:
                    _text.Append(next);
                    break;
            }
        }
        return _text.ToString();
    }

    private void Command()
    {
        int start = _next;
        while (_next < _latex.Length && char.IsAsciiLetter(_latex[_next]))
        {
            _next++;
        }
        string name = _latex[start.._next];
        SkipSpaces();
        switch (name)
        {
            case "" when _latex[_next++] == ',':
                Space();
                break;
            case "frac":
                var (above, below) = (Argument(), Argument());
                bool isShort = above.Length + below.Length == 2;
                _text.Append(InBrackets(above)).Append(isShort ? "/" : " / ").Append(InBrackets(below));
                break;
            case "hat":
                string under = Argument();
                _text.Append(under == "z" ? "ẑ" : $"{under}\u0302");
                break;
            case "leftarrow":
                Operator('←');
                break;
            case "sqrt":
                _text.Append($"√({Argument()})");
                break;
            case "sum":
                Space();
                _text.Append('Σ');
                break;
            case "text":
                int end = _latex.IndexOf('}', _next);
                _text.Append(_latex[(_next + 1)..end]);
                _next = end + 1;
                break;
            default:
                _text.Append(Symbols.TryGetValue(name, out string? symbol)
                    ? symbol
                    : throw new InvalidOperationException($"The formula {_latex} has the command \\{name}, which {nameof(MathText)} does not know. Teach it."));
                break;
        }
    }

    /// <summary>What a command acts on: a group in braces, a command, or a character.</summary>
    private string Argument()
    {
        SkipSpaces();
        int start = _next;
        if (_latex[_next] == '\\')
        {
            _next++;
            while (_next < _latex.Length && char.IsAsciiLetter(_latex[_next]))
            {
                _next++;
            }
            return Line(_latex[start.._next]);
        }
        if (_latex[_next] != '{')
        {
            return _latex[_next++].ToString();
        }
        for (int depth = 0; ;)
        {
            depth += _latex[_next++] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return Line(_latex[(start + 1)..(_next - 1)]);
            }
        }
    }

    // With a space on either side, unless nothing stands before it: then it is a sign.
    private void Operator(char symbol)
    {
        string before = _text.ToString().TrimEnd();
        if (before.Length == 0 || before[^1] == '(')
        {
            _text.Append(symbol);
            return;
        }
        Space();
        _text.Append(symbol);
        Space();
        SkipSpaces();
    }

    private void Space()
    {
        if (_text.Length > 0 && _text[^1] is not (' ' or '('))
        {
            _text.Append(' ');
        }
    }

    private void SkipSpaces()
    {
        while (_next < _latex.Length && _latex[_next] == ' ')
        {
            _next++;
        }
    }

    private static string InBrackets(string text)
    {
        int depth = 0;
        foreach (char one in text)
        {
            depth += one switch { '(' => 1, ')' => -1, _ => 0 };
            if (one == ' ' && depth == 0)
            {
                return $"({text})";
            }
        }
        return text;
    }
}
