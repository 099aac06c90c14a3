using System.Globalization;

namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about what is kept in memory: domain <c>services</c>, subdomain <c>cache</c>.</summary>
public static class CacheErrors
{
    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"services.cache.{name}", (1 << 24) | (3 << 16) | number, status, message, props);

    /// <summary>No such cache.</summary>
    public static ApiError DatabaseNotFound(string database) =>
        Error("database_not_found", 1, 404, $"There is no cache \"{database}\": it is internalCache or memoryStorage.", database);

    /// <summary>There is no room for more.</summary>
    public static ApiError Full(long maxBytes)
    {
        var reason = string.Create(CultureInfo.InvariantCulture, $"the memory storage holds as much as limits.memoryStorageSize allows ({maxBytes} bytes)");
        return Error("write_failed", 4, 500, $"Nothing was written: {reason}.", reason);
    }
}
