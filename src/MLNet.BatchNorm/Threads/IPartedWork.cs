namespace MLNet.BatchNorm;

/// <summary>Work that splits into parts which do not depend on each other.</summary>
internal interface IPartedWork
{
    /// <summary>Does one part.</summary>
    /// <param name="thread">Which thread does it, from 0: no two do parts at the same time under the same number.</param>
    /// <param name="part">From 0.</param>
    /// <param name="partCount">Into how many parts the work is split.</param>
    void DoPart(int thread, int part, int partCount);
}
