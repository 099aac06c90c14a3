namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>How one user logs in by the strategy <c>local</c>.</summary>
internal sealed record LocalCredentials(string Kuid, string UserName, PasswordHash Password);
