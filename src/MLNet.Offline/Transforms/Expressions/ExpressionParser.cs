using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>
/// Parses a function of one parameter, `x => ...` or `x : ...`, over + - * / and min, max, exp, log, tanh, sqrt, abs: the part of the
/// expression language that this implementation has. Everything is computed in <typeparamref name="T"/>, as the full language does it
/// when every constant stands beside something that depends on x; what else it would allow is an error here.
/// </summary>
internal sealed class ExpressionParser<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    private static readonly string ParameterName = "expression";

    private readonly string _text;
    private string _parameter = "";
    private int _position;

    private ExpressionParser(string text) => _text = text;

    public static Func<T, T> Parse(string expression)
    {
        var parser = new ExpressionParser<T>(expression);
        var node = parser.ParseLambda();
        return node.Constant == null ? node.Function : throw parser.Error("an expression that depends on its parameter");
    }

    private Node ParseLambda()
    {
        var isParenthesized = TryTake("(");
        _parameter = TakeName();
        if (isParenthesized)
        {
            Take(")");
        }
        if (!TryTake("=>"))
        {
            Take(":");
        }
        var body = ParseSum();
        return Peek() == '\0' ? body : throw Error("the end, or one of + - * /");
    }

    private Node ParseSum()
    {
        var left = ParseProduct();
        while (true)
        {
            if (TryTake("+"))
            {
                left = Combine(left, ParseProduct(), (x, y) => x + y);
            }
            else if (TryTake("-"))
            {
                left = Combine(left, ParseProduct(), (x, y) => x - y);
            }
            else
            {
                return left;
            }
        }
    }

    private Node ParseProduct()
    {
        var left = ParseUnary();
        while (true)
        {
            if (TryTake("*"))
            {
                left = Combine(left, ParseUnary(), (x, y) => x * y);
            }
            else if (TryTake("/"))
            {
                left = Combine(left, ParseUnary(), (x, y) => x / y);
            }
            else
            {
                return left;
            }
        }
    }

    private Node ParseUnary()
    {
        if (!TryTake("-"))
        {
            return ParsePrimary();
        }
        var operand = ParseUnary();
        return new Node(x => -operand.Function(x), -operand.Constant);
    }

    private Node ParsePrimary()
    {
        if (TryTake("("))
        {
            var inner = ParseSum();
            Take(")");
            return inner;
        }
        if (char.IsAsciiDigit(Peek()) || Peek() == '.')
        {
            return ParseNumber();
        }
        var name = TakeName();
        return name == _parameter ? new Node(x => x, null) : ParseCall(name);
    }

    private Node ParseCall(string name)
    {
        Take("(");
        var first = ParseSum();
        Node result;
        if (name is "min" or "max")
        {
            Take(",");
            result = Combine(first, ParseSum(), name == "min" ? T.Min : T.Max);
        }
        else
        {
            // The full language, too, computes these in double and rounds.
            Func<double, double> function = name switch
            {
                "exp" => Math.Exp,
                "log" => Math.Log,
                "tanh" => Math.Tanh,
                "sqrt" => Math.Sqrt,
                "abs" => Math.Abs,
                _ => throw Error("the parameter, or one of min, max, exp, log, tanh, sqrt, abs", name),
            };
            result = first.Constant == null
                ? new Node(x => T.CreateTruncating(function(double.CreateTruncating(first.Function(x)))), null)
                : throw Error($"an argument of {name} that depends on '{_parameter}'");
        }
        Take(")");
        return result;
    }

    private Node ParseNumber()
    {
        var start = _position;
        while (char.IsAsciiDigit(Current) || Current == '.')
        {
            _position++;
        }
        if (Current is 'e' or 'E')
        {
            _position += _position + 1 < _text.Length && _text[_position + 1] is '+' or '-' ? 2 : 1;
            while (char.IsAsciiDigit(Current))
            {
                _position++;
            }
        }
        var digits = _text[start.._position];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            throw Error("a number", digits);
        }
        switch (Current)
        {
            case 'f' or 'F':
                _position++;
                return Constant((float)value);
            case 'd' or 'D' when typeof(T) == typeof(double):
                _position++;
                return Constant(value);
            // Without a suffix it is taken as the type of what it stands beside.
            case var next when !char.IsAsciiLetterOrDigit(next):
                return Constant(value);
            default:
                throw Error($"a number of type {typeof(T).Name}", digits + Current);
        }
    }

    private Node Combine(Node left, Node right, Func<T, T, T> operation)
    {
        if (left.Constant != null && right.Constant != null)
        {
            throw Error($"an operand that depends on '{_parameter}'");
        }
        return right.Constant is { } rightConstant ? new Node(x => operation(left.Function(x), rightConstant), null)
            : left.Constant is { } leftConstant ? new Node(x => operation(leftConstant, right.Function(x)), null)
            : new Node(x => operation(left.Function(x), right.Function(x)), null);
    }

    private static Node Constant(double value)
    {
        var constant = T.CreateTruncating(value);
        return new Node(_ => constant, constant);
    }

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private char Peek()
    {
        while (char.IsWhiteSpace(Current))
        {
            _position++;
        }
        return Current;
    }

    private bool TryTake(string token)
    {
        Peek();
        if (string.CompareOrdinal(_text, _position, token, 0, token.Length) != 0)
        {
            return false;
        }
        _position += token.Length;
        return true;
    }

    private void Take(string token)
    {
        if (!TryTake(token))
        {
            throw Error($"'{token}'");
        }
    }

    private string TakeName()
    {
        Peek();
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_')
        {
            _position++;
        }
        return _position > start && !char.IsAsciiDigit(_text[start]) ? _text[start.._position] : throw Error("a name");
    }

    private ArgumentOutOfRangeException Error(string expected, string? found = null)
    {
        var rest = found ?? _text[_position..];
        return new ArgumentOutOfRangeException(ParameterName, $"parsing failed: '{_text}', at character {_position + 1}: expected {expected}, " +
            $"found {(rest.Length == 0 ? "the end" : $"'{rest}'")}. The offline implementation of Microsoft.ML has a part of the expression language only.");
    }

    /// <summary>A part of the expression; with its value where it is a number.</summary>
    private sealed record Node(Func<T, T> Function, T? Constant);
}
