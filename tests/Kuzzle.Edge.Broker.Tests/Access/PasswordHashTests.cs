using System.Text;
using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.Broker.Tests.Access;

public sealed class PasswordHashTests
{
    /// <summary>Written by mosquitto_passwd 2.0.11 for the password "Grüße, Welt!".</summary>
    private const string OfMosquitto = "$7$101$gGa9nLuaH42TuWU0$amuwgsFSlPoGMUBzFMGBYO/Xp9Q7Y3cNE87bdpVXeK+toqdQpXL7GCoqN7yrDbb8mz4vZ5uHbP0vbp3RNnxvuQ==";

    [Fact]
    public void A_password_is_known_by_its_hash_after_it_was_written_down()
    {
        var text = PasswordHash.Create("correct horse"u8, iterations: 1000).Text;

        var hash = PasswordHash.Parse(text).ShouldNotBeNull();

        text.ShouldStartWith("$pbkdf2-sha512$i=1000$");
        hash.Verify("correct horse"u8).ShouldBeTrue();
        hash.Verify("correct horsf"u8).ShouldBeFalse();
        hash.Verify(""u8).ShouldBeFalse();
    }

    [Fact]
    public void The_same_password_has_another_hash_each_time() =>
        PasswordHash.Create("x"u8, iterations: 1).Text.ShouldNotBe(PasswordHash.Create("x"u8, iterations: 1).Text);

    [Fact]
    public void A_hash_that_mosquitto_passwd_has_written_is_understood()
    {
        var hash = PasswordHash.Parse(OfMosquitto).ShouldNotBeNull();

        hash.Verify(Encoding.UTF8.GetBytes("Grüße, Welt!")).ShouldBeTrue();
        hash.Verify(Encoding.UTF8.GetBytes("Grüße, Welt")).ShouldBeFalse();
    }

    [Fact]
    public void Sha_256_is_understood()
    {
        // The value is that of another implementation, Python's hashlib.
        var hash = PasswordHash.Parse("$pbkdf2-sha256$i=1$c2FsdHNhbHQ$O+xIxXdlOv3CQzuTp9jujq55iV7ZO/Yn6XZ0x/Rfikw").ShouldNotBeNull();

        hash.Iterations.ShouldBe(1);
        hash.Verify("password"u8).ShouldBeTrue();
        hash.Verify("Password"u8).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$6$c2FsdHNhbHQ=$c2FsdHNhbHRzYWx0c2FsdA==")]
    [InlineData("$pbkdf2-sha512$i=0$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")]
    [InlineData("$pbkdf2-sha512$i=10000001$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")]
    [InlineData("$pbkdf2-sha512$i=-5$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")]
    [InlineData("$pbkdf2-sha512$1000$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")]
    [InlineData("$pbkdf2-sha512$i=1000$c2Fs$c2FsdHNhbHRzYWx0c2FsdA")]
    [InlineData("$pbkdf2-sha512$i=1000$c2FsdHNhbHQ$c2FsdA")]
    [InlineData("$pbkdf2-sha512$i=1000$c2FsdHNhbHQ$*")]
    [InlineData("$pbkdf2-sha512$i=1000$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA$")]
    [InlineData("$argon2id$i=1000$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA")]
    public void What_is_no_hash_is_not_taken_for_one(string text) => PasswordHash.Parse(text).ShouldBeNull();

    [Fact]
    public void Printing_a_hash_does_not_give_it_away() => PasswordHash.Parse(OfMosquitto)!.ToString().ShouldBe("a password hash");
}
