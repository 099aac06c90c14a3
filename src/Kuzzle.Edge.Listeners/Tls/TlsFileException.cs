namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>A file with a certificate or with keys is of no use. The message names it and says why, and holds nothing secret.</summary>
public sealed class TlsFileException(string path, string reason, Exception? innerException = null) : Exception($"{path} {reason}", innerException)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
