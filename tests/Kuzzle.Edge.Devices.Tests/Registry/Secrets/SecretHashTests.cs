using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Tests.Registry.Secrets;

public sealed class SecretHashTests
{
    // The vectors of "Unix crypt using SHA-256 and SHA-512".
    [Theory]
    [InlineData("$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1", "Hello world!")]
    [InlineData("$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.", "Hello world!")]
    [InlineData("$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0", "This is just a test")]
    [InlineData(
        "$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1",
        "a very much longer text to encrypt.  This one even stretches over morethan one line.")]
    [InlineData("$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0", "we have a short salt string but not a short password")]
    [InlineData("$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1", "a short string")]
    [InlineData("$6$rounds=10$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.", "the minimum number is still observed")]
    public void The_vectors_of_sha512_crypt_hold(string text, string password)
    {
        var hash = Sha512CryptHash.Parse(text).ShouldNotBeNull();

        hash.Verify(password).ShouldBeTrue();
        hash.Verify(password + "!").ShouldBeFalse();
        hash.Verify("").ShouldBeFalse();
    }

    // The vectors that crypt_blowfish tests itself with.
    [Theory]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*")]
    [InlineData("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", "")]
    [InlineData(
        "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored")]
    public void The_vectors_of_bcrypt_hold(string text, string password)
    {
        var hash = BcryptHash.Parse(text).ShouldNotBeNull();

        hash.Verify(password).ShouldBeTrue();
        hash.Verify("x" + password).ShouldBeFalse();
    }

    [Fact]
    public void The_tables_of_blowfish_are_the_digits_of_pi()
    {
        // The first and the last of the keys of rounds, and the last of the boxes, as Schneier prints them.
        BlowfishTables.All[0].ShouldBe(0x243F6A88u);
        BlowfishTables.All[17].ShouldBe(0x8979FB1Bu);
        BlowfishTables.All[18].ShouldBe(0xD1310BA6u);
        BlowfishTables.All[^1].ShouldBe(0x3AC372E6u);
    }

    [Theory]
    [InlineData("$6$rounds=1000001$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1", "more rounds than a box can afford")]
    [InlineData("$6$salt$short", "a digest that is too short")]
    [InlineData("$6$salt", "no digest")]
    [InlineData("$5$salt$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1", "another scheme")]
    [InlineData("$2a$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "more cost than a box can afford")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe", "a letter too few")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC!E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "a letter that is none")]
    [InlineData("plain", "a password")]
    public void What_is_no_hash_is_not_taken_for_one(string text, string why)
    {
        Sha512CryptHash.Parse(text).ShouldBeNull(why);
        BcryptHash.Parse(text).ShouldBeNull(why);
        Pbkdf2Hash.Parse(text).ShouldBeNull(why);
    }
}
