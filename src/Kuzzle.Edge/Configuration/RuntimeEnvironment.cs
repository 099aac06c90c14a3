namespace Kuzzle.Edge.Configuration;

/// <summary>Which kind of machine this is said to be.</summary>
internal static class RuntimeEnvironment
{
    /// <summary>Whether somebody develops here: <c>NODE_ENV</c>, as Kuzzle asks, or <c>DOTNET_ENVIRONMENT</c> is "development".</summary>
    public static bool IsDevelopment(IReadOnlyDictionary<string, string> environment) =>
        Says(environment, "NODE_ENV") || Says(environment, "DOTNET_ENVIRONMENT");

    private static bool Says(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value) && value.Equals("development", StringComparison.OrdinalIgnoreCase);
}
