using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Composition;

/// <summary>An open port whose connections the broker serves by the rules of one profile.</summary>
internal sealed partial class MqttPort(IPEndPoint endPoint, IListenerProfile profile, MqttBroker broker, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<MqttPort>();
    private IConnectionListener? _listener;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Where it listens, with the port that the system chose when 0 was asked for.</summary>
    public EndPoint EndPoint => _listener?.EndPoint ?? endPoint;

    /// <summary>Opens the port; throws <see cref="ListenException"/> when that is impossible.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Inline: the broker never blocks, and a hand-over to the thread pool for every packet costs several times the packet.
        var options = new SocketTransportOptions { UnsafePreferInlineScheduling = true, NoDelay = true };
        var transport = new SocketTransportFactory(Options.Create(options), loggers);
        try
        {
            _listener = await transport.BindAsync(endPoint, cancellationToken);
        }
        catch (AddressInUseException exception)
        {
            throw new ListenException(endPoint, "the port is in use by another program", exception);
        }
        catch (SocketException exception)
        {
            throw new ListenException(endPoint, exception.Message, exception);
        }

        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Accepts no more. Connections that are there stay; they are the broker's to close.</summary>
    public async Task StopAsync()
    {
        if (_listener is null) return;

        await _listener.UnbindAsync();
        await _accepting;
        await _listener.DisposeAsync();
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        // The broker bounds how many connections there may be and turns the others away, so this loop need not.
        while (await listener.AcceptAsync() is { } connection) _ = ServeAsync(connection);
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            await broker.ServeAsync(connection.Transport, connection.RemoteEndPoint, profile, connection.ConnectionClosed);
        }
        catch (Exception exception) // The outermost loop of the connection.
        {
            LogFault(exception);
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection ended by a fault of the program")]
    private partial void LogFault(Exception exception);
}
