namespace Kuzzle.Edge.Api.Realtime;

/// <summary>Which of a room's notifications a subscriber wants. The digits are those of channel names.</summary>
/// <param name="Scope">1 all, 2 in, 3 out, 0 none: which document notifications.</param>
/// <param name="Users">1 all, 2 in, 3 none, 4 out: which user notifications. (Kuzzle gives out and none one digit, so that they disturb each other.)</param>
/// <param name="Propagate">Whether other nodes would hear it; part of the name only.</param>
internal readonly record struct ChannelOptions(int Scope, int Users, bool Propagate)
{
    public string NameIn(string roomId) => $"{roomId}-{Users}{(Propagate ? 1 : 2)}{(Scope == 0 ? "" : $"{Scope}")}";

    public bool WantsDocuments(string scope) => Scope == 1 || Scope == (scope == "in" ? 2 : 3);

    public bool WantsUsers(string user) => Users == 1 || Users == (user == "in" ? 2 : 4);

    /// <summary>The digit of a scope; null when it is none.</summary>
    public static int? ScopeOf(string word) => word switch
    {
        "all" => 1,
        "in" => 2,
        "out" => 3,
        "none" => 0,
        _ => null,
    };

    /// <summary>The digit of a users option; null when it is none.</summary>
    public static int? UsersOf(string word) => word switch
    {
        "all" => 1,
        "in" => 2,
        "none" => 3,
        "out" => 4,
        _ => null,
    };
}
