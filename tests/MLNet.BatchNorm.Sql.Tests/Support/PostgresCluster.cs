using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace MLNet.BatchNorm.Sql.Tests.Support;

/// <summary>
/// A throw-away PostgreSQL server: the system's initdb and pg_ctl, a folder that goes away, a free port on the loopback address, a password
/// of its own. PostgreSQL does not run as root; there, it runs as the user that its package has made.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private const string SystemUser = "postgres";
    private static readonly Lazy<string?> BinariesFolder = new(FindBinaries);
    private static readonly Lazy<PostgresCluster> SharedCluster = new(() =>
    {
        var cluster = new PostgresCluster();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnet-batchnorm-postgres-");
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private bool _isRunning;

    public PostgresCluster()
    {
        try
        {
            string passwordFile = Path.Combine(_folder.FullName, "password");
            File.WriteAllText(passwordFile, _password);
            if (IsRoot)
            {
                Run("chown", "-R", SystemUser, _folder.FullName);
            }

            RunAsServer("initdb", "-D", Data, "-U", User, "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public const string User = "tester";

    /// <summary>Why there is no PostgreSQL to test with; null where there is.</summary>
    public static string? Missing =>
        !OperatingSystem.IsLinux() ? "the throw-away cluster is started on Linux only"
        : BinariesFolder.Value is null ? "the system has no PostgreSQL server (initdb, pg_ctl): install its package, as .ci/run does"
        : IsRoot && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(SystemUser + ":", StringComparison.Ordinal))
            ? $"PostgreSQL does not run as root, and there is no user {SystemUser}"
            : null;

    /// <summary>The cluster of all tests that need but one; stopped when the process ends.</summary>
    public static PostgresCluster Shared => SharedCluster.Value;

    public int Port { get; private set; }

    public string Password => _password;

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>A connection, not yet open, and not pooled.</summary>
    public NpgsqlConnection Connect(string settings = "") => new(new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Username = User,
        Password = _password,
        Database = SystemUser,
        Pooling = false,
        Options = settings,
    }.ConnectionString);

    public void Dispose()
    {
        if (_isRunning)
        {
            _isRunning = false;
            RunAsServer("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w");
        }

        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }

    // A port that is free now may be taken when the server gets to it: then the next one is tried.
    private void Start()
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePort();
            try
            {
                RunAsServer(
                    "pg_ctl", "start", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder.FullName, "log"),
                    "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c shared_buffers=64MB");
                _isRunning = true;
                StopWhenThisProcessEnds();
                return;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
            }
        }
    }

    /// <summary>For runs that are killed, and dispose of nothing: a shell that waits for the end of this process.</summary>
    private void StopWhenThisProcessEnds()
    {
        const string Script =
            """
            while kill -0 "$1" 2>/dev/null; do sleep 2; done
            if [ -e "$2/postmaster.pid" ]; then kill -QUIT "$(head -n 1 "$2/postmaster.pid")"; sleep 1; fi
            rm -rf "$3"
            """;
        Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "sh -c \"$1\" sh \"$2\" \"$3\" \"$4\" >/dev/null 2>&1 </dev/null &", "sh", Script, $"{Environment.ProcessId}", Data, _folder.FullName])
        {
            WorkingDirectory = "/",
        })!.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        var versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), out double version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries);
        return versions.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static void RunAsServer(string program, params string[] arguments)
    {
        string path = Path.Combine(BinariesFolder.Value!, program);
        if (IsRoot)
        {
            Run("runuser", ["-u", SystemUser, "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server inherits what pg_ctl has: were its output redirected to a pipe, that would never end.
        string output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments]) { WorkingDirectory = "/" };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}: {File.ReadAllText(output)}");
            }
        }
        finally
        {
            File.Delete(output);
        }
    }
}
