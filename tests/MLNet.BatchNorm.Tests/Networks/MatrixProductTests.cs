namespace MLNet.BatchNorm.Tests.Networks;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 7, 33 }, { 3, 5, 10 }, { 7, 1, 8 }, { 8, 16, 16 }, { 9, 17, 15 }, { 16, 64, 32 }, { 31, 33, 47 }, { 64, 100, 10 },
        { 64, 64, 100 }, { 65, 100, 101 }, { 128, 3, 256 }, { 2, 300, 129 }, { 100, 64, 64 }, { 257, 40, 63 }, { 130, 120, 110 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_those_of_double_precision(int rows, int inner, int columns)
    {
        foreach (var (threads, wideVectors) in new[] { (1, true), (2, true), (3, true), (1, false), (2, false) })
        {
            var product = new MatrixProduct(new ThreadTeam(threads), wideVectors);
            float[] a = Random(rows * inner, 1);
            float[] b = Random(inner * columns, 2);
            float[] bias = Random(columns, 3);
            var c = new float[rows * columns];

            product.Multiply(a, b, c, rows, inner, columns, bias);
            Check(c, rows, inner, columns, (row, k) => a[(row * inner) + k], b, bias);

            float[] transposed = new float[a.Length];
            Transposition.Copy(a, transposed, rows, inner);
            product.MultiplyTransposed(transposed, b, c, rows, inner, columns);
            Check(c, rows, inner, columns, (row, k) => a[(row * inner) + k], b, new float[columns]);
        }
    }

    [Fact]
    public void Neither_the_number_of_threads_nor_the_width_of_vectors_changes_a_bit()
    {
        // More than two million multiply-adds: enough for four threads to share.
        (int rows, int inner, int columns) = (150, 117, 130);
        float[] a = Random(rows * inner, 4);
        float[] b = Random(inner * columns, 5);
        float[] bias = Random(columns, 6);
        var results = new[] { (1, true), (2, true), (4, true), (1, false), (3, false) }.Select(((int Threads, bool WideVectors) way) =>
        {
            var c = new float[rows * columns];
            new MatrixProduct(new ThreadTeam(way.Threads), way.WideVectors).Multiply(a, b, c, rows, inner, columns, bias);
            return c;
        }).ToArray();

        results.Should().AllSatisfy(result => result.Should().Equal(results[0]));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        var multiply = () => new MatrixProduct(null).Multiply(new float[6], new float[6], new float[5], 2, 3, 2);

        multiply.Should().Throw<ArgumentException>().WithMessage("*2 x 3, 3 x 2 and 2 x 2*lengths 6, 6 and 5*");
    }

    private static void Check(float[] c, int rows, int inner, int columns, Func<int, int, float> a, float[] b, float[] bias)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double sum = bias[column];
                double magnitude = Math.Abs(sum);
                for (int k = 0; k < inner; k++)
                {
                    double term = (double)a(row, k) * b[(k * columns) + column];
                    sum += term;
                    magnitude += Math.Abs(term);
                }

                // The bound of a sum of n terms in single precision, n u times the sum of their sizes.
                Math.Abs(c[(row * columns) + column] - sum).Should().BeLessThanOrEqualTo((inner + 1) * 6e-8 * magnitude, $"[{row}, {column}]");
            }
        }
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
