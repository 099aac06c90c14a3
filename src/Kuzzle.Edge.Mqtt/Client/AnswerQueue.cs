using System.Buffers;
using System.Threading.Channels;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// Answers of one kind, PUBREL or PUBCOMP, in their order, each behind what its session wants to have done before. They have a queue of their own: a session may wait for long,
/// where it relays to another server, and other packets must not wait for that.
/// </summary>
/// <param name="output">Where they go when they may.</param>
internal sealed class AnswerQueue(OutputQueue output)
{
    // Its length is bounded by that of the exchanges under way, each of which has at most one answer waiting here, and by what a server sends without reading.
    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>More than there are packet identifiers: a server that sends the same PUBREL over and over fills it, and nobody else.</summary>
    private const int Capacity = 2 * 65_536;

    /// <summary>Puts an answer behind the others.</summary>
    /// <exception cref="ProtocolFaultException">The server asks for more answers than there can be exchanges.</exception>
    public void Add(Task before, Action<IBufferWriter<byte>> write)
    {
        if (!_answers.Writer.TryWrite(new Answer(before, write))) throw ProtocolFaultException.Protocol("The server repeats PUBREL or PUBREC without end.");
    }

    /// <summary>Sends answers until the connection ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (before, write) = await _answers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            await before.WaitAsync(cancellationToken).ConfigureAwait(false);
            await output.EnqueueAsync(write, cancellationToken).ConfigureAwait(false);
        }
    }

    private readonly record struct Answer(Task Before, Action<IBufferWriter<byte>> Write);
}
