using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.IO.Pipelines;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>A listener with a certificate and with keys: a client that offers a cipher with a pre-shared key gets that, every other the certificate.</summary>
internal sealed class ChosenHandshake(ITlsHandshake certificate, ITlsHandshake psk) : ITlsHandshake
{
    // The ciphers of PskContext by their numbers at IANA.
    private static readonly FrozenSet<ushort> PskCiphers =
        new ushort[] { 0x00A8, 0x00A9, 0x00AE, 0x00AF, 0xC037, 0xC038, 0xC0A4, 0xC0A5, 0xC0A8, 0xCCAB, 0xCCAC }.ToFrozenSet();

    /// <inheritdoc/>
    public async ValueTask<TlsSession> RunAsync(IDuplexPipe pipes, DuplexPipeStream stream, CancellationToken cancellationToken) =>
        await (await OffersPskAsync(pipes.Input, cancellationToken) ? psk : certificate).RunAsync(pipes, stream, cancellationToken);

    /// <summary>Looks at the client's first message, and leaves it where it is.</summary>
    private static async ValueTask<bool> OffersPskAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var answer = OffersPsk(read.Buffer);
            input.AdvanceTo(read.Buffer.Start, answer is null ? read.Buffer.End : read.Buffer.Start);
            if (read.IsCanceled) throw new OperationCanceledException("The connection ends.");
            if (answer is { } known) return known;
            if (read.IsCompleted) throw new IOException("The peer has gone.");
        }
    }

    /// <summary>Null when that cannot be said yet.</summary>
    private static bool? OffersPsk(ReadOnlySequence<byte> bytes)
    {
        var messages = new HandshakeMessages();
        foreach (var segment in bytes)
        {
            var rest = segment.Span;
            if (messages.TryRead(ref rest)) return messages.Type == HandshakeMessages.ClientHello && OffersPsk(messages.Body);
            if (messages.HasEnded) return false; // No TLS: for the certificate's handshake to refuse.
        }

        return bytes.Length > MaxHelloBytes ? false : null;
    }

    /// <summary>version(2) random(32) session&lt;0..32&gt; ciphers&lt;2..2^16-2&gt; …</summary>
    private static bool OffersPsk(ReadOnlySpan<byte> hello)
    {
        const int SessionAt = 34;
        if (hello.Length <= SessionAt) return false;

        var ciphersAt = SessionAt + 1 + hello[SessionAt];
        if (hello.Length < ciphersAt + 2) return false;

        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(hello[ciphersAt..]), hello.Length - ciphersAt - 2);
        for (var ciphers = hello.Slice(ciphersAt + 2, length); ciphers.Length >= 2; ciphers = ciphers[2..])
        {
            if (PskCiphers.Contains(BinaryPrimitives.ReadUInt16BigEndian(ciphers))) return true;
        }

        return false;
    }

    // A client with many extensions needs 2 KiB, one with keys of the time after quantum computers some more.
    private const int MaxHelloBytes = 32 * 1024;
}
