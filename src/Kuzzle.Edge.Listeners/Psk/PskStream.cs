using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Text;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>
/// TLS with a pre-shared key over another stream, on the server's side. OpenSSL works on memory alone; this class moves the bytes. One reads and one writes at a time.
/// </summary>
/// <remarks>
/// OpenSSL asks for the key in the middle of a call and wants it at once. So this reads along and looks the key up, which may take time, before OpenSSL sees the
/// message that names the identity.
/// </remarks>
internal sealed class PskStream : AsyncStream
{
    // The most that one TLS record carries.
    private const int RecordBytes = 16 * 1024;
    private const int ReadBytes = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _inner;
    private readonly PskContext _context;
    private readonly Lock _gate = new(); // OpenSSL's connection is used by one thread at a time; no call under it waits.
    private readonly SemaphoreSlim _writing = new(1);
    private readonly nint _input;
    private readonly nint _output;
    private nint _ssl;
    private byte[]? _key;

    /// <summary>Prepares a connection.</summary>
    /// <param name="inner">The peer. Not disposed.</param>
    /// <param name="context">What connections have in common.</param>
    public PskStream(Stream inner, PskContext context)
    {
        _inner = inner;
        _context = context;
        _ssl = context.Open(this);
        _input = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        _output = OpenSsl.BIO_new(OpenSsl.BIO_s_mem());
        OpenSsl.SSL_set_bio(_ssl, _input, _output); // Owned by the connection from here on.
        OpenSsl.SSL_set_accept_state(_ssl);
    }

    /// <summary>What the client calls itself; proven once the handshake has succeeded.</summary>
    public string? Identity { get; private set; }

    /// <summary>Completes when the client has proven that it knows the key of its identity.</summary>
    /// <exception cref="AuthenticationException">It has not, or has no cipher in common.</exception>
    /// <exception cref="IOException">It went.</exception>
    public async Task AuthenticateAsync(IReadOnlyList<IPskKeys> keys, CancellationToken cancellationToken)
    {
        var messages = new HandshakeMessages();
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            while (true)
            {
                var isDone = TryFinishHandshake(out var fault);
                await SendAsync(cancellationToken);
                if (fault is not null) throw new AuthenticationException(fault);
                if (isDone) return;

                var count = await _inner.ReadAsync(buffer.AsMemory(0, ReadBytes), cancellationToken);
                if (count == 0) throw new IOException("The peer has gone.");
                if (Identity is null && FindIdentity(messages, buffer.AsSpan(0, count)) is { } identity)
                {
                    Identity = identity;
                    _key = await FindKeyAsync(identity, keys, cancellationToken);
                }

                Feed(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            _context.Forget(_ssl);
            _key = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Tells the peer that no more comes.</summary>
    public async Task ShutdownAsync()
    {
        lock (_gate)
        {
            if (_ssl == 0) return;

            OpenSsl.ERR_clear_error();
            _ = OpenSsl.SSL_shutdown(_ssl);
            _ = OpenSsl.TakeError();
        }

        await SendAsync(CancellationToken.None);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryRead(buffer.Span, out var count)) return count;

            await SendAsync(cancellationToken); // Mostly nothing: an alert, at times.
            _ = await _inner.ReadAsync(Memory<byte>.Empty, cancellationToken); // Waits without a buffer.
            var encrypted = ArrayPool<byte>.Shared.Rent(ReadBytes);
            try
            {
                var received = await _inner.ReadAsync(encrypted.AsMemory(0, ReadBytes), cancellationToken);
                if (received == 0) return 0; // Gone without a goodbye; MQTT knows itself whether that was an end.

                Feed(encrypted.AsSpan(0, received));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(encrypted);
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, RecordBytes);
            Encrypt(buffer.Span[..count]);
            await SendAsync(cancellationToken);
            buffer = buffer[count..];
        }
    }

    /// <summary>The key of the identity that OpenSSL has read, if it is the one that was looked up.</summary>
    internal byte[]? KeyFor(string? identity) => identity is not null && identity == Identity ? _key : null;

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_ssl == 0) return;

            _context.Forget(_ssl);
            OpenSsl.SSL_free(_ssl);
            _ssl = 0;
        }

        _writing.Dispose();
        base.Dispose(disposing);
    }

    private bool TryFinishHandshake(out string? fault)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            OpenSsl.ERR_clear_error();
            var outcome = OpenSsl.SSL_do_handshake(_ssl);
            var error = outcome == 1 ? 0 : OpenSsl.SSL_get_error(_ssl, outcome);
            var reason = OpenSsl.TakeError();
            fault = error is 0 or OpenSsl.ErrorWantRead ? null
                : Identity is not null && _key is null ? $"There is no key for the identity {Identity}."
                : $"{(Identity is null ? "No identity was named" : $"Identity {Identity}")}: {reason ?? "OpenSSL does not say why"}.";
            return outcome == 1;
        }
    }

    private static string? FindIdentity(HandshakeMessages messages, ReadOnlySpan<byte> bytes)
    {
        while (messages.TryRead(ref bytes))
        {
            if (messages.Type != HandshakeMessages.ClientKeyExchange || messages.Body.Length < 2) continue;

            var length = BinaryPrimitives.ReadUInt16BigEndian(messages.Body);
            if (length > messages.Body.Length - 2) return null; // Longer than OpenSSL takes, or malformed: it refuses by itself.

            try
            {
                return StrictUtf8.GetString(messages.Body.Slice(2, length));
            }
            catch (DecoderFallbackException)
            {
                return null; // Nobody has such a name.
            }
        }

        return null;
    }

    private static async ValueTask<byte[]?> FindKeyAsync(string identity, IReadOnlyList<IPskKeys> keys, CancellationToken cancellationToken)
    {
        foreach (var source in keys)
        {
            if (await source.FindAsync(identity, cancellationToken) is { Length: > 0 } key) return key;
        }

        return null;
    }

    /// <summary>True when there is something, or the end.</summary>
    private bool TryRead(Span<byte> buffer, out int count)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (buffer.IsEmpty)
            {
                // A probe: OpenSSL would take a read of nothing for the end.
                count = 0;
                return OpenSsl.SSL_pending(_ssl) > 0 || OpenSsl.BIO_ctrl_pending(_input) > 0;
            }

            OpenSsl.ERR_clear_error();
            count = OpenSsl.SSL_read(_ssl, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (count > 0) return true;

            var error = OpenSsl.SSL_get_error(_ssl, count);
            var reason = OpenSsl.TakeError();
            count = 0;
            return error switch
            {
                OpenSsl.ErrorWantRead => false,
                OpenSsl.ErrorZeroReturn => true,
                _ => throw new IOException(reason ?? "The TLS connection broke."),
            };
        }
    }

    private void Feed(ReadOnlySpan<byte> encrypted)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            if (OpenSsl.BIO_write(_input, ref MemoryMarshal.GetReference(encrypted), encrypted.Length) != encrypted.Length)
            {
                throw new IOException($"OpenSSL takes no more bytes: {OpenSsl.TakeError()}");
            }
        }
    }

    private void Encrypt(ReadOnlySpan<byte> clear)
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            OpenSsl.ERR_clear_error();
            var outcome = OpenSsl.SSL_write(_ssl, ref MemoryMarshal.GetReference(clear), clear.Length);
            var reason = OpenSsl.TakeError();
            if (outcome != clear.Length) throw new IOException(reason ?? "The TLS connection broke.");
        }
    }

    /// <summary>Sends what OpenSSL has written. One at a time: records must leave in their order.</summary>
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                int count;
                lock (_gate)
                {
                    if (_ssl == 0) return;

                    var pending = (int)Math.Min(OpenSsl.BIO_ctrl_pending(_output), 4 * RecordBytes);
                    if (pending == 0) return;

                    buffer ??= ArrayPool<byte>.Shared.Rent(pending);
                    count = OpenSsl.BIO_read(_output, ref MemoryMarshal.GetArrayDataReference(buffer), buffer.Length);
                }

                await _inner.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
            _writing.Release();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_ssl == 0, this);
}
