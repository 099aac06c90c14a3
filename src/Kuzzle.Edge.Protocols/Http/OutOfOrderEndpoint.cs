using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>
/// What listens on the HTTP port while the gateway itself cannot start: every request is answered with 503, the reason, and when to come again, in the form of Kuzzle's errors.
/// </summary>
public sealed class OutOfOrderEndpoint : IAsyncDisposable
{
    /// <summary>Enough for everybody who looks why; what is beyond is closed.</summary>
    private const int MaxConnections = 64;

    private readonly Func<string> _reason;
    private readonly TimeSpan _retryAfter;
    private readonly string _node;
    private readonly KestrelServer _server;
    private readonly BareApplication _application;

    /// <summary>Prepares it; nothing is open yet.</summary>
    /// <param name="options">Where.</param>
    /// <param name="node">The name of this box.</param>
    /// <param name="reason">Why the gateway does not work, in a sentence for people that gives nothing secret away.</param>
    /// <param name="retryAfter">When asking again may be worth it.</param>
    /// <param name="loggers">Where it logs.</param>
    public OutOfOrderEndpoint(HttpOptions options, string node, Func<string> reason, TimeSpan retryAfter, ILoggerFactory loggers)
    {
        _reason = reason;
        _retryAfter = retryAfter;
        _node = node;
        _application = new BareApplication(AnswerAsync, loggers.CreateLogger<OutOfOrderEndpoint>());
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Listen(options.Address, options.Port, listener => listener.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <summary>Opens the port. Fails with an <see cref="IOException"/> or <see cref="System.Net.Sockets.SocketException"/> when that is impossible.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(_application, cancellationToken);

    /// <summary>Closes the port and all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = Describe();
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        response.Headers.RetryAfter = ((int)_retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers.Connection = "close"; // The next request is for the gateway itself.
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private ReadOnlyMemory<byte> Describe()
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNull("requestId");
        json.WriteNumber("status", StatusCodes.Status503ServiceUnavailable);
        json.WriteStartObject("error");
        json.WriteString("message", $"The gateway is out of order, and tries again by itself: {_reason()}");
        json.WriteNumber("status", StatusCodes.Status503ServiceUnavailable);
        json.WriteString("id", "core.fatal.service_unavailable");
        json.WriteNumber("code", 2);
        json.WriteEndObject();
        json.WriteNull("result");
        json.WriteString("node", _node);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }
}
