using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>What all connections with pre-shared keys have in common. Dispose it after them.</summary>
internal sealed class PskContext : IDisposable
{
    // AEAD first, and with it the variant whose past traffic stays secret when the key becomes known. The last is what small devices have alone (RFC 7925).
    private const string Ciphers =
        "ECDHE-PSK-CHACHA20-POLY1305:PSK-AES256-GCM-SHA384:PSK-AES128-GCM-SHA256:PSK-CHACHA20-POLY1305:PSK-AES256-CCM:PSK-AES128-CCM:"
        + "ECDHE-PSK-AES256-CBC-SHA384:ECDHE-PSK-AES128-CBC-SHA256:PSK-AES256-CBC-SHA384:PSK-AES128-CBC-SHA256:PSK-AES128-CCM8";

    private readonly ConcurrentDictionary<nint, PskStream> _handshakes = new();
    private readonly OpenSsl.PskServerCallback _findKey; // Kept, for OpenSSL holds a pointer into it.
    private nint _context;

    /// <summary>Prepares connections of TLS 1.2, which is what clients with pre-shared keys speak.</summary>
    /// <exception cref="NotSupportedException">OpenSSL 3 is not there, or does not allow pre-shared keys.</exception>
    public PskContext()
    {
        if (!OpenSsl.IsAvailable) throw new NotSupportedException($"pre-shared keys need OpenSSL 3 ({OpenSsl.SslLibrary}), which this system lacks");

        _findKey = FindKey;
        _ = OpenSsl.OPENSSL_init_ssl(0, 0);
        _context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_server_method());
        if (_context == 0) throw new NotSupportedException($"OpenSSL gives no context: {OpenSsl.TakeError()}");

        _ = OpenSsl.SSL_CTX_ctrl(_context, OpenSsl.SetMinProtocol, OpenSsl.Tls12, 0);
        _ = OpenSsl.SSL_CTX_ctrl(_context, OpenSsl.SetMaxProtocol, OpenSsl.Tls12, 0);
        _ = OpenSsl.SSL_CTX_ctrl(_context, OpenSsl.SetMode, OpenSsl.ModeReleaseBuffers, 0);

        // No resumption: a client whose key was taken out of the file must not come back with a ticket.
        _ = OpenSsl.SSL_CTX_ctrl(_context, OpenSsl.SetSessionCacheMode, 0, 0);
        _ = OpenSsl.SSL_CTX_set_options(_context, OpenSsl.NoTicket | OpenSsl.NoCompression | OpenSsl.ServerPreference | OpenSsl.NoRenegotiation);
        if (OpenSsl.SSL_CTX_set_cipher_list(_context, Ciphers) != 1)
        {
            var reason = OpenSsl.TakeError();
            Dispose();
            throw new NotSupportedException($"OpenSSL allows no cipher with pre-shared keys: {reason}");
        }

        OpenSsl.SSL_CTX_set_psk_server_callback(_context, Marshal.GetFunctionPointerForDelegate(_findKey));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != 0) OpenSsl.SSL_CTX_free(_context);
        _context = 0;
        GC.KeepAlive(_findKey);
    }

    /// <summary>A connection, which its stream frees.</summary>
    internal nint Open(PskStream stream)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        var ssl = OpenSsl.SSL_new(_context);
        if (ssl == 0) throw new InvalidOperationException($"OpenSSL gives no connection: {OpenSsl.TakeError()}");

        _handshakes[ssl] = stream;
        return ssl;
    }

    /// <summary>No key is asked for any more.</summary>
    internal void Forget(nint ssl) => _handshakes.TryRemove(ssl, out _);

    /// <summary>Called by OpenSSL within a handshake, on its thread. Nothing may be thrown through it.</summary>
    private uint FindKey(nint ssl, nint identity, nint key, uint maxKeyBytes)
    {
        if (!_handshakes.TryGetValue(ssl, out var stream) || stream.KeyFor(Marshal.PtrToStringUTF8(identity)) is not { } found || found.Length > maxKeyBytes) return 0;

        Marshal.Copy(found, 0, key, found.Length);
        return (uint)found.Length;
    }
}
