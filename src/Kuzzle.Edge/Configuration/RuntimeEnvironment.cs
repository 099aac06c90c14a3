namespace Kuzzle.Edge.Configuration;

/// <summary>What the variables of the process say of the machine and of the service.</summary>
internal static class RuntimeEnvironment
{
    /// <summary>Whether somebody develops here: <c>NODE_ENV</c>, as Kuzzle asks, or <c>DOTNET_ENVIRONMENT</c> is "development".</summary>
    public static bool IsDevelopment(IReadOnlyDictionary<string, string> environment) =>
        Says(environment, "NODE_ENV") || Says(environment, "DOTNET_ENVIRONMENT");

    /// <summary>The folder in which systemd has put the credentials of the unit (<c>LoadCredential=</c> and its kind); null when there is none.</summary>
    public static string? CredentialsOf(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("CREDENTIALS_DIRECTORY", out var folder) && folder.Length > 0 ? folder : null;

    private static bool Says(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.TryGetValue(name, out var value) && value.Equals("development", StringComparison.OrdinalIgnoreCase);
}
