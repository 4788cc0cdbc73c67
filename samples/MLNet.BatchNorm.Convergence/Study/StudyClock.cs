using System.Diagnostics;

namespace MLNet.BatchNorm.Convergence.Study;

/// <summary>
/// The time that a study may take. Its plan is made for it beforehand; where a machine is slower than the plan thought, curves end early
/// and say how far they came.
/// </summary>
internal sealed class StudyClock(TimeSpan? budget, CancellationToken cancellation)
{
    // What is left after the curves: networks, and the writing of the report.
    private const double ShareOfCurves = 0.55;

    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>A clock that never ends.</summary>
    public static StudyClock None { get; } = new(null, CancellationToken.None);

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Whether curves must come to an end.</summary>
    public bool IsLate => budget is { } limit && _watch.Elapsed > ShareOfCurves * limit;

    public double Seconds => _watch.Elapsed.TotalSeconds;
}
