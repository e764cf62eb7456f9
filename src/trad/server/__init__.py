"""The API: what a browser and other programs see of the jobs, and what they may ask of them."""
