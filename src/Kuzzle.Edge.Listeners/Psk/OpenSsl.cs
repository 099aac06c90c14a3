using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Listeners.Psk;

/// <summary>
/// What of the system's OpenSSL 3 is needed for pre-shared keys, which the platform's own TLS does not know. Nothing here is <c>unsafe</c>: buffers are pinned by
/// reference, and handles are numbers that <see cref="PskContext"/> and <see cref="PskStream"/> own.
/// </summary>
internal static class OpenSsl
{
    public const string SslLibrary = "libssl.so.3";

    public const int ErrorSsl = 1;
    public const int ErrorWantRead = 2;
    public const int ErrorSyscall = 5;
    public const int ErrorZeroReturn = 6;

    public const int SetMode = 33;
    public const int SetSessionCacheMode = 44;
    public const int SetMinProtocol = 123;
    public const int SetMaxProtocol = 124;

    public const int Tls12 = 0x0303;
    public const int ModeReleaseBuffers = 0x10;

    public const ulong NoTicket = 1UL << 14;
    public const ulong NoCompression = 1UL << 17;
    public const ulong ServerPreference = 1UL << 22;
    public const ulong NoRenegotiation = 1UL << 30;

    private const string CryptoLibrary = "libcrypto.so.3";

    /// <summary>Whether the library is there and is OpenSSL 3.</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(SslLibrary, typeof(OpenSsl).Assembly, DllImportSearchPath.SafeDirectories, out var library)
        && NativeLibrary.TryGetExport(library, nameof(SSL_CTX_set_psk_server_callback), out _)
        && NativeLibrary.TryLoad(CryptoLibrary, typeof(OpenSsl).Assembly, DllImportSearchPath.SafeDirectories, out _);

    /// <summary>Asked by OpenSSL for the key of an identity; answers how many bytes it has, 0 for none.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate uint PskServerCallback(nint ssl, nint identity, nint key, uint maxKeyBytes);

    /// <summary>Why the last call of this thread failed, or null; and forgets it.</summary>
    public static string? TakeError()
    {
        string? reason = null;
        for (var code = ERR_get_error(); code != 0; code = ERR_get_error()) reason ??= Marshal.PtrToStringUTF8(ERR_reason_error_string(code)) ?? $"error {code:X}";
        return reason;
    }

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int OPENSSL_init_ssl(ulong options, nint settings);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint TLS_server_method();

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_CTX_new(nint method);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_CTX_free(nint context);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern ulong SSL_CTX_set_options(nint context, ulong options);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_CTX_set_cipher_list(nint context, [MarshalAs(UnmanagedType.LPUTF8Str)] string ciphers);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_CTX_set_psk_server_callback(nint context, nint callback);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint SSL_new(nint context);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_free(nint ssl);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_set_bio(nint ssl, nint input, nint output);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void SSL_set_accept_state(nint ssl);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_do_handshake(nint ssl);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_read(nint ssl, ref byte buffer, int count);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_pending(nint ssl);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_write(nint ssl, ref readonly byte buffer, int count);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_shutdown(nint ssl);

    [DllImport(SslLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int SSL_get_error(nint ssl, int outcome);

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint BIO_s_mem();

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nint BIO_new(nint method);

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int BIO_write(nint bio, ref readonly byte buffer, int count);

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int BIO_read(nint bio, ref byte buffer, int count);

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern nuint BIO_ctrl_pending(nint bio);

    /// <summary>To be called before what may fail: others on this thread may have left errors behind.</summary>
    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void ERR_clear_error();

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint ERR_get_error();

    [DllImport(CryptoLibrary, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ERR_reason_error_string(nuint code);
}
