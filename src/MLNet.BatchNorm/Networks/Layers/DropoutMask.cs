using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.BatchNorm;

/// <summary>
/// Inverted dropout: each number is set to 0 with a given probability, the others are divided by what remains of 1, so that expectations
/// stay the same. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout" (2014), section 10.
/// </summary>
internal sealed class DropoutMask
{
    // Draws are made in blocks of so many: a multiple of every vector's length.
    private const int Block = 64;

    private readonly int _seed;
    private readonly ushort _threshold;
    private readonly float _keptScale;
    private readonly float[] _factors;
    private readonly ushort[] _draws = new ushort[Block];
    private ulong _state;

    /// <param name="probability">Of a 0, from 0 to below 1; kept to 1 / 65536.</param>
    /// <param name="capacity">The most numbers of a mask.</param>
    /// <param name="seed">Of the masks.</param>
    public DropoutMask(double probability, int capacity, int seed)
    {
        _seed = seed;
        _threshold = (ushort)Math.Min(Math.Round(probability * 65536), ushort.MaxValue);
        _keptScale = (float)(1 / (1 - probability));
        _factors = new float[capacity];
        Begin(epoch: 0);
    }

    /// <summary>Begins an epoch, from 1: its masks depend on its number, and not on what was drawn before.</summary>
    public void Begin(int epoch)
    {
        // Odd, so that no two epochs of a seed have the same: 2^32 divided by the golden ratio.
        _state = unchecked((uint)(_seed + (epoch * (int)0x9E3779B1)));
        _state = Next();
    }

    /// <summary>Draws a new mask and writes the masked values to <paramref name="result"/>.</summary>
    public void Forward(ReadOnlySpan<float> values, Span<float> result)
    {
        Span<float> factors = _factors.AsSpan(0, values.Length);
        Draw(factors);
        TensorPrimitives.Multiply(values, factors, result);
    }

    /// <summary>Multiplies a gradient by the last mask.</summary>
    public void Backward(Span<float> gradient) => TensorPrimitives.Multiply(gradient, _factors.AsSpan(0, gradient.Length), gradient);

    private void Draw(Span<float> factors)
    {
        Span<ulong> words = MemoryMarshal.Cast<ushort, ulong>(_draws.AsSpan());
        for (int start = 0; start < factors.Length; start += Block)
        {
            foreach (ref ulong word in words)
            {
                word = Next();
            }
            Span<float> block = factors.Slice(start, Math.Min(Block, factors.Length - start));
            if (block.Length == Block)
            {
                Select(block);
                continue;
            }
            for (int i = 0; i < block.Length; i++)
            {
                block[i] = _draws[i] < _threshold ? 0 : _keptScale;
            }
        }
    }

    private void Select(Span<float> block)
    {
        var threshold = new Vector<ushort>(_threshold);
        var kept = Vector.AsVectorInt32(new Vector<float>(_keptScale));
        for (int i = 0; i < Block; i += Vector<ushort>.Count)
        {
            // As signed numbers, all bits of a mask widen to all bits.
            Vector<ushort> isKept = Vector.GreaterThanOrEqual(new Vector<ushort>(_draws, i), threshold);
            Vector.Widen(Vector.AsVectorInt16(isKept), out Vector<int> first, out Vector<int> second);
            Vector.AsVectorSingle(first & kept).CopyTo(block[i..]);
            Vector.AsVectorSingle(second & kept).CopyTo(block[(i + Vector<float>.Count)..]);
        }
    }

    /// <summary>Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), figure 14 with Stafford's 13th mix.</summary>
    private ulong Next()
    {
        ulong mixed = _state = unchecked(_state + 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return mixed ^ (mixed >> 31);
    }
}
