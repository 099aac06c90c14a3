namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about services that are switched off: domain <c>services</c>.</summary>
public static class ServiceErrors
{
    /// <summary>No statistics are kept.</summary>
    public static ApiError StatisticsNotAvailable() =>
        new("services.statistics.not_available", (1 << 24) | (4 << 16) | 1, 500, "No statistics are kept: stats.enabled is false.", []);
}
