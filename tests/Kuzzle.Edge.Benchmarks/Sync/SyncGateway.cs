using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Kuzzle.Edge.Benchmarks.Sync;

/// <summary>A running gateway: asked over HTTP, and watched by what the system says of its process.</summary>
internal sealed class SyncGateway(int port, int processId) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromMinutes(2) };
    private readonly Process _process = Process.GetProcessById(processId);

    public int Port => port;

    /// <summary>Its resident memory, in MiB.</summary>
    public double ResidentMiB => Field("VmRSS:");

    /// <summary>Of it, what is the process's own: the rest are pages of files, which the system takes back.</summary>
    public double OwnMiB => Field("RssAnon:");

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The result of a request that must succeed.</summary>
    public async Task<JsonElement> AskAsync(ReadOnlyMemory<byte> request)
    {
        using var content = new ReadOnlyMemoryContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _http.PostAsync("_query", content);
        var answer = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
        return answer.GetProperty("status").GetInt32() == 200 ? answer.GetProperty("result") : throw new InvalidOperationException($"{Encoding.UTF8.GetString(request.Span[..Math.Min(200, request.Length)])} was answered with {answer}");
    }

    public Task<JsonElement> AskAsync(string request) => AskAsync(Encoding.UTF8.GetBytes(request));

    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }

    private double Field(string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0;
    }
}
