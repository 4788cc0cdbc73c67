using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNet.BatchNorm.Tests.Samples.Convergence.Browser;

/// <summary>Chromium without a window, driven over its DevTools protocol.</summary>
internal sealed class HeadlessBrowser : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _waiting = [];
    private readonly SemaphoreSlim _sending = new(1);
    private int _lastId;

    private HeadlessBrowser(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>Where the browser is; null where there is none.</summary>
    public static string? Path { get; } = new[]
    {
        Environment.GetEnvironmentVariable("CHROME_PATH"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable",
    }.FirstOrDefault(File.Exists);

    /// <summary>The addresses that the page asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What its script threw.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    public static async Task<HeadlessBrowser> Start()
    {
        var profile = Directory.CreateTempSubdirectory();
        var process = Process.Start(new ProcessStartInfo(
            Path!, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var browser = new HeadlessBrowser(process, profile);

        // The port stands on the error stream: "DevTools listening on ws://127.0.0.1:PORT/...".
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException($"{Path} ended before it listened.");
        }
        while (!line.Contains("DevTools listening on", StringComparison.Ordinal));

        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        var port = new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..]).Port;
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json")))!.AsArray();
        var page = pages.First(target => (string?)target!["type"] == "page")!;
        await browser._socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), CancellationToken.None);
        _ = browser.Receive();
        foreach (var domain in new[] { "Page", "Runtime", "Network" })
        {
            await browser.Send($"{domain}.enable", []);
        }

        return browser;
    }

    /// <summary>Opens the page at a width, light or dark, and waits until its charts are drawn.</summary>
    public async Task Open(string path, int width, bool dark)
    {
        await Send("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await Send("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
        await Send("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        for (var attempt = 0; attempt < 200 && !await Is("document.readyState === 'complete' && !!window.reportReady"); attempt++)
        {
            await Task.Delay(100);
        }

        await Evaluate("window.reportReady.then(() => true)");
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        return answer?["exceptionDetails"] is { } exception ? throw new InvalidOperationException(exception.ToJsonString()) : answer?["result"]?["value"];
    }

    public async Task<bool> Is(string expression) => (await Evaluate(expression))?.GetValue<bool>() == true;

    public async Task<double> Number(string expression) => (await Evaluate(expression))!.GetValue<double>();

    /// <summary>Whether an expression in the page becomes true within ten seconds.</summary>
    public async Task<bool> Becomes(string expression)
    {
        for (var attempt = 0; attempt < 100 && !await Is(expression); attempt++)
        {
            await Task.Delay(100);
        }

        return await Is(expression);
    }

    /// <summary>Moves the mouse.</summary>
    public Task Hover(double x, double y) => Mouse("mouseMoved", x, y, pressed: false);

    /// <summary>Presses the left button at one place and lets it go at another, or at the same.</summary>
    public async Task Drag((double X, double Y) from, (double X, double Y) to)
    {
        await Hover(from.X, from.Y);
        await Mouse("mousePressed", from.X, from.Y, pressed: true);
        if (from != to)
        {
            await Mouse("mouseMoved", (from.X + to.X) / 2, (from.Y + to.Y) / 2, pressed: true);
            await Mouse("mouseMoved", to.X, to.Y, pressed: true);
        }

        await Mouse("mouseReleased", to.X, to.Y, pressed: true);
    }

    /// <summary>A place in the first element of a kind: shares of its width and height from its left upper corner.</summary>
    public async Task<(double X, double Y)> Place(string selector, double across = 0.5, double down = 0.5)
    {
        var place = await Evaluate($"(() => {{ const box = document.querySelector('{selector}').getBoundingClientRect(); return [box.left + {At(across)} * box.width, box.top + {At(down)} * box.height]; }})()");
        return (place![0]!.GetValue<double>(), place[1]!.GetValue<double>());

        static string At(double share) => share.ToString(CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        _sending.Dispose();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            try
            {
                _profile.Delete(recursive: true);
                return;
            }
            catch (IOException)
            {
                // A child of the browser may still be writing.
                await Task.Delay(100);
            }
        }
    }

    private Task<JsonNode?> Mouse(string type, double x, double y, bool pressed)
    {
        var what = new JsonObject { ["type"] = type, ["x"] = x, ["y"] = y, ["button"] = pressed ? "left" : "none", ["buttons"] = pressed && type != "mouseReleased" ? 1 : 0 };
        if (type != "mouseMoved")
        {
            what["clickCount"] = 1;
        }

        return Send("Input.dispatchMouseEvent", what);
    }

    private async Task<JsonNode?> Send(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private async Task Receive()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        while (_socket.State == WebSocketState.Open)
        {
            WebSocketReceiveResult part;
            try
            {
                part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                Handle(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
    }

    private void Handle(JsonNode message)
    {
        if (message["id"] is { } id && _waiting.TryRemove(id.GetValue<int>(), out var answer))
        {
            answer.SetResult(message["result"]);
        }
        else if ((string?)message["method"] == "Network.requestWillBeSent")
        {
            Requests.Enqueue((string)message["params"]!["request"]!["url"]!);
        }
        else if ((string?)message["method"] == "Runtime.exceptionThrown")
        {
            Errors.Enqueue(message["params"]!.ToJsonString());
        }
    }
}
