using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// All that is written goes through here, in order: a packet may wait for the session to have kept something, and those behind it wait, too. Packets that are there together
/// are flushed together.
/// </summary>
/// <param name="output">Where to.</param>
internal sealed class OutputQueue(PipeWriter output)
{
    /// <summary>Beyond this, who wants to write waits: the server does not read as fast.</summary>
    private const int Capacity = 256;

    private const int FlushBytes = 64 * 1024;

    private readonly Channel<Item> _items = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Puts a packet in the queue.</summary>
    /// <exception cref="ChannelClosedException">The connection has ended or is about to.</exception>
    public ValueTask EnqueueAsync(Action<IBufferWriter<byte>> write, CancellationToken cancellationToken) => EnqueueAsync(Task.CompletedTask, write, cancellationToken);

    /// <summary>Puts a packet in the queue that must not be written before something has happened.</summary>
    /// <exception cref="ChannelClosedException">The connection has ended or is about to.</exception>
    public ValueTask EnqueueAsync(Task before, Action<IBufferWriter<byte>> write, CancellationToken cancellationToken) =>
        _items.Writer.WriteAsync(new Item(before, write), cancellationToken);

    /// <summary>Puts the last packet in the queue: nothing is written behind it. [MQTT-3.14.4-2] [MQTT5-3.14.4-1]</summary>
    /// <exception cref="ChannelClosedException">The connection has ended or is about to.</exception>
    public ValueTask EnqueueLastAsync(Action<IBufferWriter<byte>> write, CancellationToken cancellationToken) =>
        _items.Writer.WriteAsync(new Item(Task.CompletedTask, write) { IsLast = true }, cancellationToken);

    /// <summary>Nothing more is taken; what is in the queue is still written.</summary>
    public void Complete() => _items.Writer.TryComplete();

    /// <summary>Writes until the queue was completed.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _items.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_items.Reader.TryRead(out var item))
            {
                if (!item.Before.IsCompletedSuccessfully)
                {
                    await output.FlushAsync(cancellationToken).ConfigureAwait(false); // What stands before must not wait for this one's disk.
                    await item.Before.WaitAsync(cancellationToken).ConfigureAwait(false);
                }

                item.Write(output);
                if (item.IsLast)
                {
                    Complete();
                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    return;
                }

                if (output.UnflushedBytes >= FlushBytes) await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private readonly record struct Item(Task Before, Action<IBufferWriter<byte>> Write)
    {
        public bool IsLast { get; init; }
    }
}
