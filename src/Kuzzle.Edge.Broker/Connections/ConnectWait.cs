using System.Buffers;
using System.IO.Pipelines;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// What a client sends while its CONNECT is judged. It is read to be counted, and stays where it is: nothing is handled before CONNACK. Beyond a number of packets the
/// client is closed, beyond a number of bytes it is no longer read.
/// </summary>
internal sealed class ConnectWait(ClientConnection connection, PipeReader input, int maxPackets, long maxBytes)
{
    /// <summary>Waits for the end of the judging.</summary>
    /// <returns>What has come meanwhile, and not been consumed.</returns>
    public async Task<ReadResult> WaitAsync(Task judging, ReadResult read, ReadOnlySequence<byte> rest)
    {
        while (true)
        {
            if (PacketCount.In(rest) > maxPackets) connection.Close(Ending.QueueLimit);
            if (read.IsCompleted || connection.IsEnding || rest.Length >= maxBytes)
            {
                await judging.ConfigureAwait(false);
                return new ReadResult(rest, isCanceled: false, read.IsCompleted);
            }

            input.AdvanceTo(rest.Start, rest.End);
            var reading = input.ReadAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(judging, reading).ConfigureAwait(false);
            if (judging.IsCompleted) input.CancelPendingRead();
            read = await reading.ConfigureAwait(false);
            rest = read.Buffer;
            if (!judging.IsCompleted) continue;

            await judging.ConfigureAwait(false);
            return read;
        }
    }
}
