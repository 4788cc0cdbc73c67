namespace MLNet.BatchNorm;

/// <summary>
/// A small random generator whose whole state is one number, so that a sketch goes on as if it had never been saved. SplitMix64: G. L. Steele,
/// D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, 453-472.
/// </summary>
internal struct SketchRandom(ulong state)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    public ulong State { get; private set; } = state;

    /// <summary>One that is unlike those of other seeds and features.</summary>
    public static SketchRandom Create(int seed, int feature) => new(Mix(((ulong)(uint)seed << 32) | (uint)feature));

    /// <summary>A number from 0 to <paramref name="count"/> - 1, a power of two.</summary>
    public int Next(int count) => (int)(Next() >> 32) & (count - 1);

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next() => Mix(State += Golden);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
