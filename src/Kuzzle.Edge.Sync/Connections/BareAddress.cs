namespace Kuzzle.Edge.Sync.Connections;

/// <summary>Addresses as they may be shown and logged.</summary>
public static class BareAddress
{
    /// <summary>The address without the user, password and query that it may hold.</summary>
    public static string WithoutCredentials(this Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
