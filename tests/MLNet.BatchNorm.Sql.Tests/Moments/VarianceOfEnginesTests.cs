using System.Globalization;
using System.Numerics;
using MLNet.BatchNorm.Sql.Tests.Support;
using MLNet.BatchNorm.Tests.Support;
using Xunit.Abstractions;

namespace MLNet.BatchNorm.Sql.Tests.Moments;

/// <summary>The engines' own variance beside the statement's, in correct digits: docs/sql.md quotes what this prints.</summary>
public sealed class VarianceOfEnginesTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> OwnVariance = new()
    {
        ["DuckDB"] = "var_pop(x)",
        ["PostgreSQL"] = "var_pop(x)",
        // SQLite has none; this is what is written instead.
        ["SQLite"] = "avg(x * x) - avg(x) * avg(x)",
    };

    public static TheoryData<string> Engines => [.. TestDatabase.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_statement_has_thirteen_digits_where_the_mean_is_a_trillion_deviations_away(string engine)
    {
        double[] values = RandomData.Normal(1, 100_000, 1e9, 1e-3);
        double exact = ExactVariance(values);
        using var database = TestDatabase.Open(engine);
        database.Create("rows", ["x"], values);
        if (engine == "DuckDB")
        {
            database.Execute("SET threads = 1");
        }

        double own = Convert.ToDouble(database.Scalar($"SELECT {OwnVariance[engine]} FROM rows"), CultureInfo.InvariantCulture);
        double ours = database.Connection.ComputeFeatureMoments("rows", ["x"]).PopulationVariance[0];
        double inProcess = MomentsTests.InProcess(values, 1).PopulationVariance[0];

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exact {exact:R}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} {OwnVariance[engine]}: {own:R}, {Approximately.Digits(own, exact):F1} digits"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{engine} statement: {ours:R}, {Approximately.Digits(ours, exact):F1} digits"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in process: {inProcess:R}, {Approximately.Digits(inProcess, exact):F1} digits"));
        Approximately.Digits(ours, exact).Should().BeGreaterThan(13);
        Approximately.Digits(inProcess, exact).Should().BeGreaterThan(13);
    }

    /// <summary>In whole numbers: doubles between 2^29 and 2^30 are whole multiples of 2^-23.</summary>
    private static double ExactVariance(double[] values)
    {
        BigInteger sum = 0;
        BigInteger squares = 0;
        foreach (double value in values)
        {
            var whole = new BigInteger(Math.ScaleB(value, 23));
            sum += whole;
            squares += whole * whole;
        }

        BigInteger n = values.Length;
        const int Extra = 80;
        BigInteger scaled = (((squares * n) - (sum * sum)) << Extra) / (n * n);
        return Math.ScaleB((double)scaled, -46 - Extra);
    }
}
