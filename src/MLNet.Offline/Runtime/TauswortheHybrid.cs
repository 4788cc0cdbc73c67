namespace Microsoft.ML.Runtime;

/// <summary>
/// The generator behind every seed in ML.NET: three Tausworthe generators and a linear congruential one, exclusive-or'ed
/// (L. Howes and D. Thomas, GPU Gems 3, 2007, chapter 37). Same seed, same splits and shuffles as there.
/// </summary>
internal sealed class TauswortheHybrid : Random
{
    private const double UnitPerStep = 1.0 / 4294967296.0;

    private uint _first;
    private uint _second;
    private uint _third;
    private uint _linear;

    public TauswortheHybrid(uint seed)
    {
        _first = seed;
        _second = MurmurRound(_first, _first);
        _third = MurmurRound(_second, _first);
        _linear = MurmurRound(_third, _first);
    }

    public TauswortheHybrid(Random source)
    {
        _first = SeedFrom(source);
        _second = SeedFrom(source);
        _third = SeedFrom(source);
        _linear = WordFrom(source);
    }

    public static TauswortheHybrid Create(int? seed) => seed is { } value ? new((uint)value) : new(new Random());

    public override double NextDouble() => NextWord() * UnitPerStep;

    // 23 bits, so that the conversion to float is exact and never rounds up to 1.
    public override float NextSingle() => (NextWord() >> 9) * (1f / (1 << 23));

    public override int Next()
    {
        var word = NextWord();
        return (int)(word + (word & 0x80000000u));
    }

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(((ulong)NextWord() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var target in buffer)
        {
            target = (byte)Next();
        }
    }

    protected override double Sample() => NextDouble();

    private static uint MurmurRound(uint hash, uint chunk)
    {
        chunk *= 0xCC9E2D51;
        chunk = uint.RotateLeft(chunk, 15);
        chunk *= 0x1B873593;
        hash ^= chunk;
        hash = uint.RotateLeft(hash, 13);
        return (hash * 5) + 0xE6546B64;
    }

    private static uint WordFrom(Random source) => ((uint)source.Next(0x10000) << 16) | (uint)source.Next(0x10000);

    // A Tausworthe state below 128 would lose all its bits to the mask.
    private static uint SeedFrom(Random source)
    {
        uint word;
        do
        {
            word = WordFrom(source);
        }
        while (word < 128);
        return word;
    }

    private static uint Step(uint state, int right, int left, int high, uint mask) =>
        ((state & mask) << high) ^ (((state << right) ^ state) >> left);

    private uint NextWord()
    {
        _first = Step(_first, 13, 19, 12, ~0x1u);
        _second = Step(_second, 2, 25, 4, ~0x7u);
        _third = Step(_third, 3, 11, 17, ~0xfu);
        _linear = (1664525 * _linear) + 1013904223;
        return _first ^ _second ^ _third ^ _linear;
    }
}
