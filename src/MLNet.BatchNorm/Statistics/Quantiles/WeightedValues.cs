namespace MLNet.BatchNorm;

/// <summary>Values of a sketch that each have a weight of their own.</summary>
internal sealed class WeightedValues
{
    private double[] _values = [];
    private double[] _weights = [];

    public int Count { get; private set; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    public void Add(double value, double weight)
    {
        if (Count == _values.Length)
        {
            int capacity = Math.Max(16, 2 * Count);
            Array.Resize(ref _values, capacity);
            Array.Resize(ref _weights, capacity);
        }
        _values[Count] = value;
        _weights[Count++] = weight;
    }

    public void Add(WeightedValues others)
    {
        for (int i = 0; i < others.Count; i++)
        {
            Add(others._values[i], others._weights[i]);
        }
    }

    /// <summary>
    /// Takes all values out and returns at most half as many, sorted, of one weight, a power of two: those at whose place the running sum of the
    /// weights passes a multiple of it, counted from a random place on. So each stands for as much weight as is gone around it.
    /// </summary>
    public (double[] Values, int Exponent) TakeEvenly(double randomPlace)
    {
        Array.Sort(_values, _weights, 0, Count);
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            sum += _weights[i];
        }
        if (double.IsInfinity(sum))
        {
            throw SumBeyondRange();
        }
        int exponent = Math.ILogB(sum / Math.Max(1, Count / 2)) + 1;
        double step = Math.ScaleB(1, exponent);
        var taken = new List<double>((Count / 2) + 1);
        double passed = 0;
        double next = randomPlace * step;
        for (int i = 0; i < Count; i++)
        {
            passed += _weights[i];
            for (; next < passed; next = (taken.Count + randomPlace) * step)
            {
                taken.Add(_values[i]);
            }
        }
        (_values, _weights, Count) = ([], [], 0);
        return ([.. taken], exponent);
    }

    public static InvalidOperationException SumBeyondRange() =>
        new("The sum of the weights is beyond the range of double. Divide the weights by a constant first.");

    public WeightedValues Clone() => new() { _values = Values.ToArray(), _weights = Weights.ToArray(), Count = Count };
}
