using Microsoft.ML;
using MLNet.BatchNorm.Convergence.Lesson;

namespace MLNet.BatchNorm.Tests.Samples.Convergence;

public sealed class LessonTableTests
{
    [Fact]
    public void The_lessons_table_is_scaled_as_the_lesson_says()
    {
        var rows = LessonTable.Scale(new MLContext(1));

        rows.Select(row => row.Raw[1]).Should().Equal(35000, 50000, 42000, 65000);
        // (x - 35000) / 30000.
        rows.Select(row => (double)row.MinMax[1]).Should().Equal([0, 0.5, 7 / 30d, 1], (x, y) => Math.Abs(x - y) < 1e-6);
        // Mean 48000, population variance (13000^2 + 2000^2 + 6000^2 + 17000^2) / 4 = 124500000.
        var deviation = Math.Sqrt(124_500_000);
        rows.Select(row => (double)row.Standardized[1]).Should().Equal(
            [-13000 / deviation, 2000 / deviation, -6000 / deviation, 17000 / deviation], (x, y) => Math.Abs(x - y) < 1e-6);
    }
}
