using System.IO.Pipelines;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Tests.Packets;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Mqtt.Tests.Client;

/// <summary>The other end of a client's stream: what the client sends is read packet by packet and compared, what the server sends is written byte by byte.</summary>
internal sealed class ScriptedServer : IMqttConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Pipe _toServer = new();
    private Pipe _toClient = new();
    private PacketReader _reader = Reader();

    public ManualClock Clock { get; } = new();

    public MemoryMqttSession Session { get; } = new();

    public List<MqttIncoming> Handled { get; } = [];

    public Func<MqttIncoming, CancellationToken, ValueTask>? Handler { get; set; }

    /// <summary>What acknowledgements wait for.</summary>
    public Task Acknowledging { get; set; } = Task.CompletedTask;

    public static MqttClientOptions Options(MqttVersion version = MqttVersion.V5) =>
        new() { ClientId = "c", Version = version, KeepAlive = TimeSpan.Zero };

    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        (_toServer, _toClient, _reader) = (new Pipe(), new Pipe(), Reader());
        Opened.TrySetResult();
        return new(new DuplexPipeStream(_toClient.Reader, _toServer.Writer));
    }

    private TaskCompletionSource Opened { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A client that has sent its CONNECT and is not answered yet.</summary>
    public async Task<Task<MqttClient>> BeginAsync(MqttClientOptions? options = null)
    {
        Opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connecting = MqttClient.ConnectAsync(options ?? Options(), this, Session, HandleAsync, Clock, CancellationToken.None);
        await Opened.Task.WaitAsync(Patience);
        ConnectPacket = await ReadAsync();
        return connecting;
    }

    /// <summary>The CONNECT of the client, described.</summary>
    public string ConnectPacket { get; private set; } = "";

    /// <summary>A client that was let in.</summary>
    public async Task<MqttClient> AcceptAsync(MqttClientOptions? options = null, string? connack = null)
    {
        var connecting = await BeginAsync(options);
        await SendAsync(connack ?? ((options ?? Options()).Version == MqttVersion.V5 ? "20 03 00 00 00" : "20 02 00 00"));
        return await connecting.WaitAsync(Patience);
    }

    public async Task SendAsync(string bytes) => await _toClient.Writer.WriteAsync(Wire.Bytes(bytes));

    public Task CloseAsync() => _toClient.Writer.CompleteAsync().AsTask();

    /// <summary>Takes some bytes that the client has sent, whatever they mean: as slowly as it is called, for the line holds 64 KiB.</summary>
    public async Task TakeAsync(int bytes)
    {
        var read = await _toServer.Reader.ReadAtLeastAsync(bytes).AsTask().WaitAsync(Patience);
        _toServer.Reader.AdvanceTo(read.Buffer.GetPosition(bytes));
    }

    /// <summary>The next packet of the client, described; "closed" when it has closed the connection.</summary>
    public async Task<string> ReadAsync()
    {
        while (true)
        {
            var read = await _toServer.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            var rest = read.Buffer;
            if (_reader.TryRead(ref rest, out var packet) == System.Buffers.OperationStatus.Done)
            {
                var described = Wire.Describe(packet);
                _toServer.Reader.AdvanceTo(rest.Start);
                return described;
            }

            _reader.Fault.IsFault.ShouldBeFalse($"{_reader.Fault}");
            if (read.IsCompleted) return "closed";
            _toServer.Reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    private async ValueTask<Task> HandleAsync(MqttIncoming incoming, CancellationToken cancellationToken)
    {
        if (Handler is { } handler) await handler(incoming, cancellationToken);
        lock (Handled) Handled.Add(incoming);
        return Acknowledging;
    }

    private static PacketReader Reader() => new(PacketDirection.ToServer, PacketLimits.Default with { TopicAliasMaximum = 10 });
}
