using System.Diagnostics;
using System.Reflection;

namespace MLNet.BatchNorm.Tests.Packaging;

/// <summary>Runs <c>dotnet</c> apart from the build that runs the tests: no shared build servers, none of its outputs, its NuGet sources.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static string RepositoryRoot => Setting("RepositoryRoot");

    public static string PackageCache => Setting("PackageCache");

    public static string AdditionalSources => Setting("AdditionalSources");

    public static async Task<(int ExitCode, string Output)> Run(string folder, string[] arguments, IDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfTheRunningBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        SetUnlessEmpty(start, "NUGET_PACKAGES", PackageCache);
        SetUnlessEmpty(start, "RestoreSources", Setting("Sources"));
        SetUnlessEmpty(start, "RestoreAdditionalProjectSources", AdditionalSources);
        SetUnlessEmpty(start, "RestoreConfigFile", Setting("ConfigFile"));
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} was stopped: it had not ended after {Limit}.");
        }
    }

    // What `dotnet test` tells its own children would send these to its MSBuild.
    private static bool IsOfTheRunningBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);

    private static void SetUnlessEmpty(ProcessStartInfo start, string name, string value)
    {
        if (value.Length > 0)
        {
            start.Environment[name] = value;
        }
    }

    private static string Setting(string key) =>
        typeof(DotnetCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value ?? "";
}
