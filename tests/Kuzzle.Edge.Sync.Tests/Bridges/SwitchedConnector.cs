using Kuzzle.Edge.Mqtt.Client;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>A way to a broker that can be cut and mended.</summary>
internal sealed class SwitchedConnector(IMqttConnector inner) : IMqttConnector
{
    private readonly Lock _lock = new();
    private Stream? _open;
    private bool _isCut;

    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isCut) throw new IOException("The way is cut.");
        }

        var stream = await inner.ConnectAsync(cancellationToken);
        lock (_lock) return _open = stream;
    }

    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            _open?.Dispose();
        }
    }

    public void Mend()
    {
        lock (_lock) _isCut = false;
    }
}
